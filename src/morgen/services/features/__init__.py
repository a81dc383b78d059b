"""Feature layers in the form in which they are served: ready GeoJSON, made once per layer and CRS."""
