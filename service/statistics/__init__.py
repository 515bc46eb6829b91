"""Areas, overlaps, balance tables and proximity, with their evidence."""
