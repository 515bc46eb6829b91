"""The application: stores, uploads, statistics, exports, accounts, HTTP, CLI."""
