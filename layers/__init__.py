"""What exists: the catalogue, classification schemes, field schemas, first layers."""
