"""Client VPN: certificates, profiles, revocation.

``authority``           our own certificate authority and the certificates it issues
``keystore``            the private folder that holds the keys
``pairs``               a certificate and its key: both or neither
``private_files``       folders and files that only their owner can read
``profile_file``        where a profile may be written
``revocation``          no entry is lost, and each endpoint has all of them
``server_certificate``  the import into ACM
``endpoint``            the calls to EC2 and ACM for one endpoint
``commands``            the command line
"""
