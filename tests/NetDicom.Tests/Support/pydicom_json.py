# Prints, for each file named on standard input, one line of JSON: what pydicom makes of its data set.
# Each element is asked for by itself, so that one it cannot express does not take the others with it.
import json
import logging
import os
import sys
import warnings

import pydicom

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)


def element(e):
    if e.VR == "SQ":
        return {"vr": "SQ", "Value": [data_set(item) for item in e.value]}
    try:
        return e.to_json_dict(None, 10**9)
    except Exception as error:
        return {"vr": e.VR, "error": str(error)}


def data_set(ds):
    return {"%08X" % int(e.tag): element(e) for e in ds if e.tag.element != 0}


root = sys.argv[1]
for name in sys.stdin.read().split("\n"):
    if name:
        try:
            print(json.dumps({"name": name, "json": data_set(pydicom.dcmread(os.path.join(root, name), force=True))}))
        except Exception as error:
            print(json.dumps({"name": name, "error": repr(error)}))
