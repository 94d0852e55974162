"""What a template needs of an account's quotas.

``quotas``  the quotas that a VPN network uses up, with AWS's codes and defaults
``count``   what each resource of a template counts against them
"""
