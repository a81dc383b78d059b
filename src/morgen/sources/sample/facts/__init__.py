"""Facts about the wijk that are not its geometry: people, facilities, pipes, water levels, rain and streets."""
