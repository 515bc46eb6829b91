"""From a received file to a diagnosed upload."""
