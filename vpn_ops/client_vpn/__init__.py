"""Client VPN: certificates, profiles, revocation.

``authority``   our own certificate authority and the certificates it issues
``keystore``    the private folder that holds the keys
``endpoint``    the calls to ACM and EC2
``commands``    the command line
"""
