"""`/api/v1/`: planning information as JSON.

The edge of the flow: parameters are parsed by `planning.ogcapi`, questions are asked of `lookup`,
`answer` and the querysets, and nothing is computed here. Each module holds the views of one noun;
`schemas` says what they give, `openapi` and `documentation` tell the reader.
"""
