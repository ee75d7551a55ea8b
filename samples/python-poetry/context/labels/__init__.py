"""Labels for parcels."""
