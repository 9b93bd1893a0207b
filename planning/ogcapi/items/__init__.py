"""Features of a collection: parameters -> one question -> rows -> a page in any format."""
