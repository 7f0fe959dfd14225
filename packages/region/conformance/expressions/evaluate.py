"""Answers each line of {"expression": text, "input": value} with {"value": ...} or {"error": true}."""
import json
import sys

import jsonata

for line in sys.stdin:
    request = json.loads(line)
    try:
        expression = jsonata.Jsonata(request["expression"])
        expression.assign("states", {"input": request["input"]})
        print(json.dumps({"value": expression.evaluate(None)}))
    except Exception:
        print(json.dumps({"error": True}))
