"""What the resources of a template cost per hour: counted, and priced from one list.

``prices.read_prices`` reads the list, ``bill.bill`` makes the bill. What has no price stays on the bill as not known.
"""
