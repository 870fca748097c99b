"""Lists at the speed of the warehouse: relations are planned, read level by level, and projected from columns."""
