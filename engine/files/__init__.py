"""Sessions and exports as files; the only place that knows msgspec, and the only one that writes."""
