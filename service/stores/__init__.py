"""Where layers, versions and records live; one contract, several stores."""
