"""Pure geometry: NumPy arrays of shapely geometries in, arrays out."""
