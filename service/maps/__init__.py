"""Maps for reports: one scene, every format."""
