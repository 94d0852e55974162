"""``vpn-ops preflight``: would a template fit into an account and Region?

``source``       the templates to check: a file, a folder of ``cdk synth``, or a stack's name
``deployed``     what of a stack is deployed already
``usage``        what the account uses of each quota, and what the quota is
``surroundings`` bootstrap, Region, types of resources and instances, state of the stack
``checking``     puts it together
``commands``     the command line
"""
