"""A second, slow reading of the law, to hold the product against.

`facts` are the plain facts of a town drawn on a raster; `law` walks day by day through what they mean,
`expected` says what an answer about a parcel must then hold. These three share no code with the product: no
geometry, no pieces, no statement. `invented` makes random towns, `recorded` puts one into the database
through the product's own verbs and notes what was accepted; `compared` asks both and names every difference.
"""
