"""The application: stores, uploads, statistics, exports, accounts, HTTP, command line."""
