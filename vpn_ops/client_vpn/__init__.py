"""Client VPN: certificates, profiles, revocation.

``authority``   an authority of our own, and what it signs
``keystore``    the private folder in which keys lie
``endpoint``    the calls to ACM and EC2
``commands``    the command line
"""
