"""One module a source; a source imports no other source."""
