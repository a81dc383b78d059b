"""Where facts come from: readers of the national file formats, recognition by content, and the sample."""
