"""From the models' servers to the pages: Redis Streams in between, Server-Sent Events out.

model's server                     model's server
      | HTTP                             | HTTP
+-----|---------- worker process --------|------------------------------+
|  generate(answer)   ...          generate(answer)   one task per answer|
|     |  reads at each ReadClock.tick()  |            on ONE event loop  |
|     v                                  v                               |
|  AnswerPublisher                 AnswerPublisher    pending events     |
|     '---------> StreamPublisher <------'            one Lua call per   |
|  CancellationListener: stops, heartbeats | window   for all answers    |
|  threads: Celery tasks (claim, wait), database work (store)            |
+------------------------------------------|-----------------------------+
              Valkey: one stream per turn, both sides in it
+------------------------------------------|-------- web process --------+
|        StreamMultiplexer: one XREAD for all pages                      |
|     follow() per page -> sse.encode -> browser's EventSource           |
+------------------------------------------------------------------------+
"""
