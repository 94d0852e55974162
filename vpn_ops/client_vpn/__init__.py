"""Client VPN: certificates, profiles, revocation.

``authority``           our own certificate authority and the certificates it issues
``keystore``            the private folder that holds the keys
``private_files``       folders and files that only their owner can read
``server_certificate``  the import into ACM
``endpoint``            the calls to EC2
``commands``            the command line
"""
