"""Pure geometry: NumPy arrays of shapely geometries in, arrays out. No I/O, no clock."""
