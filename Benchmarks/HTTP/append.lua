-- wrk: each request records one event of its own in a case that is open. The arguments are a file
-- of cases, one a line, and a number that no other run has; TOKEN is in the environment. Whether
-- each event was stored is seen in the log afterwards, not here.
local per_case = 50
-- Half the connections: as many cases as are recorded beside each other in a thread.
local beside = 32
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(arguments)
  local index = 0
  cases = {}
  for case in io.lines(arguments[1]) do
    if index % 2 == number % 2 then cases[#cases + 1] = case end
    index = index + 1
  end
  prefix = string.format("%08x-%04x-4000-8000-", tonumber(arguments[2]), number)
  headers = {
    ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. os.getenv("TOKEN"),
  }
  count = 0
end

function request()
  -- As many cases as connections, so that few wait for each other; then the next ones.
  local group = math.floor(count / (beside * per_case))
  local case = cases[group * beside + count % beside + 1]
  if not case then os.exit(1) end
  count = count + 1
  local body = '{"id":"' .. prefix .. string.format("%012x", count) .. '","type":"image-acquired",'
    .. '"occurredAt":"2026-03-02T14:00:00Z","data":{"modality":"IVUS","vessel":"common-iliac-vein",'
    .. '"side":"left","phase":"diagnostic","imagesStored":true}}'
  return wrk.format("POST", "/v1/cases/" .. case .. "/events", headers, body)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"microseconds":%d,"refused":%d,"broken":%d,"p50":%d,"p99":%d}\n',
    summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
