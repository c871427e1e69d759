"""Names as files write them, matched to what the core keeps."""
