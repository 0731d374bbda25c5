"""The parts of the documentation that are computed from the code: `python -m tools.pages` writes them anew.

A page is written by hand except between the lines `<!-- made: MAKER ARGUMENTS -->` and `<!-- end -->`;
what stands there is replaced. The tests make every part again and compare.
"""
