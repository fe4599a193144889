"""A run beside the published figures."""
