"""Numbers of another form than the sample's, as a shop's `switchboard.toml` declares them."""

LETTERED = r"""
[ids.order]
form = 'AC-\d{5}'
example = "AC-00000"
prefix = "AC-"
[ids.item]
form = '[A-Z]{2}\d{3}'
example = "PA001"
[ids.product]
form = 'P\d{3}'
example = "P100"
[ids.payment_method]
form = 'pm_[a-z0-9]{4,20}'
example = "pm_0000"
"""
