"""The page a browser gets at /graphql: how to ask."""

GUIDE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Standings: how to ask</title>
<style>
  :root { color-scheme: light dark; }
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 50rem; margin: 3rem auto; padding: 0 1rem; }
  pre { padding: 1rem; font-size: .875rem; overflow-x: auto; border: 1px solid gray; border-radius: .5rem; }
</style>
</head>
<body>
<h1>Standings</h1>
<p>This address answers GraphQL. Send a POST with a JSON body, or a GET with <code>?query=</code>.</p>
<p>Which boards are there?</p>
<pre>curl -s http://127.0.0.1:8000/graphql -H 'content-type: application/json' \\
  -d '{"query": "{ benchmarks { nodes { name modelCount taskCount } } }"}'</pre>
<p>Who leads one of them?</p>
<pre>{
  benchmark(name: "EASI-8") {
    leaderboard {
      method
      totalModels
      entries(first: 5) {
        nodes { rank value model { name } coverage { scored expected } }
      }
    }
  }
}</pre>
<p>The schema describes every type and field: ask it by introspection, or run <code>standings schema</code>.</p>
</body>
</html>
"""
