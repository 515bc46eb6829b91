"""The OpenAPI 3.1 document: self-contained, and no promise that tests do not keep."""
