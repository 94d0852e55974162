"""Draws a network as SVG, in three lanes from left to right: the site, the Internet, AWS.

``drawing.draw`` is the way in. Where an element stands depends on what it is, and not on its state: a tunnel that
fails, or an address that moves, changes lines and colours. What is added to one lane moves nothing in another one.
"""
