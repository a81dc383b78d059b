"""The web API and the page with the viewer: thin routes over the services, one table from error to status."""
