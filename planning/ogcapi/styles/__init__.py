"""Styles for MapLibre: colours and patterns of a catalogue as a document, a sprite and a page."""
