-- The board: what waits, who has what, and what is settled. dev.plimsoll.board.Board says what each call does.
--
-- KEYS[1] is the prefix of the run's keys, with its hash tag; ARGV[1] the call; ARGV[2...] its arguments.
-- An answer of false means that the caller's fence is old.
local P = KEYS[1]
local META, BUNDLES, LEASES, DEATHS = P .. 'meta', P .. 'bundles', P .. 'leases', P .. 'deaths'
local LINES, SUSPECTS, SETTLED, LOG = P .. 'lines', P .. 'suspects', P .. 'settled', P .. 'log'
local MEMBERS, AWAY, ABOUT, HANDED = P .. 'members', P .. 'away', P .. 'about', P .. 'handed'
local BUDGETS, HUNGRY, MANIFEST, LATES = P .. 'budgets', P .. 'hungry', P .. 'manifest', P .. 'lates'
local NAMES, LOST, REDS = P .. 'names', P .. 'lost', P .. 'reds'
local MOST, SHORTEST, LONGEST, KEEP = 100, 1000000, 30000000, 3 * 24 * 3600 * 1000

local call = redis.call
local function get(field) return call('HGET', META, field) end
local function number(field) return tonumber(get(field) or '0') end
local function add(field, by) return call('HINCRBY', META, field, string.format('%.0f', by)) end
local function held(epoch) return P .. 'held:' .. epoch end
local function line(bundle) return P .. 'line:' .. bundle.g .. ':' .. bundle.c end
local function now()
  local time = call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- A store that began another life may have forgotten its last second: no lease is given before each member has said what it
-- knows, or is dead. A requeue begins another round, in which no result of an earlier one counts.
local round = get('round') or '0'
local life = string.match(call('INFO', 'server'), 'run_id:(%x+)') .. ':' .. round
local at = now()

local function about(epoch)
  local text = call('HGET', ABOUT, epoch)
  return text and cjson.decode(text)
end

local function bundle_of(name)
  local text = call('HGET', BUNDLES, name)
  return text and cjson.decode(text)
end
local function keep(name, bundle) call('HSET', BUNDLES, name, cjson.encode(bundle)) end
local function is_suspect(name) return string.sub(name, 1, 1) == 's' end
local function is_waiting(name)
  return call('HEXISTS', BUNDLES, name) == 1 and call('HEXISTS', LEASES, name) == 0
end

local function await(name)
  local bundle = bundle_of(name)
  if not bundle then return end
  if is_suspect(name) then
    call('ZADD', SUSPECTS, bundle.t[1], name)
  else
    call('ZADD', line(bundle), string.format('%.0f', -bundle.m), name)
    call('SADD', LINES, bundle.g .. ':' .. bundle.c)
    add('waiting', bundle.m)
  end
end
local function withdraw(name)
  local bundle = bundle_of(name)
  if is_suspect(name) then
    call('ZREM', SUSPECTS, name)
  else
    call('ZREM', line(bundle), name)
    add('waiting', -bundle.m)
  end
end
local function lease(name, epoch)
  withdraw(name)
  call('HSET', LEASES, name, epoch)
  call('SADD', held(epoch), name)
end
local function release(name, epoch)
  call('SREM', held(epoch), name)
  call('HDEL', LEASES, name)
  await(name)
end

-- Take a test out of a bundle, which ends with its last one.
local function shrink(name, test, micros)
  local bundle = bundle_of(name)
  local rest = {}
  for _, other in ipairs(bundle.t) do
    if other ~= test then rest[#rest + 1] = other end
  end
  if #rest == 0 then
    local epoch = call('HGET', LEASES, name)
    call('HDEL', BUNDLES, name)
    call('HDEL', LEASES, name)
    if epoch then call('SREM', held(epoch), name) end
  else
    bundle.t = rest
    bundle.m = bundle.m - micros
    keep(name, bundle)
  end
end

local function settle(name, test, red)
  call('SETBIT', SETTLED, test, 1)
  add('settled', 1)
  if red then
    call('SETBIT', REDS, test, 1)
    add('red', 1)
  end
  local waits = is_waiting(name)
  if waits then withdraw(name) end
  local bundle = bundle_of(name)
  shrink(name, test, math.floor(bundle.m / #bundle.t))
  if waits then await(name) end
end

local function suspect(name, test, epoch)
  if call('HINCRBY', DEATHS, test, 1) > 1 then
    settle(name, test, true)
    call('XADD', LOG, '*', 'e', epoch, 't', test, 'died', 1)
    return
  end
  local own = 's' .. test
  if name ~= own then
    local bundle = bundle_of(name)
    local micros = math.floor(bundle.m / #bundle.t)
    keep(own, {g = bundle.g, c = bundle.c, p = bundle.p, m = micros, t = {test}})
    shrink(name, test, micros)
    await(own)
  end
end

local function queues()
  local found = {}
  for _, name in ipairs(call('SMEMBERS', LINES)) do
    local group, class = string.match(name, '^(%d+):(%d+)$')
    found[#found + 1] = {g = tonumber(group), c = tonumber(class)}
  end
  return found
end

local function renew()
  for _, key in ipairs({META, BUNDLES, LEASES, DEATHS, LINES, SUSPECTS, SETTLED, LOG, MEMBERS, AWAY, ABOUT, HANDED, BUDGETS,
    HUNGRY, MANIFEST, LATES, NAMES, LOST, REDS}) do
    call('PEXPIRE', key, KEEP)
  end
  for _, queue in ipairs(queues()) do call('PEXPIRE', line(queue), KEEP) end
end

local function remove(epoch)
  for _, set in ipairs({MEMBERS, AWAY, BUDGETS}) do call('ZREM', set, epoch) end
  call('SREM', HUNGRY, epoch)
  call('HDEL', HANDED, epoch)
  call('HDEL', ABOUT, epoch)
  call('DEL', held(epoch))
end

local function sorted(list)
  table.sort(list)
  return list
end

local function bury(epoch)
  local deadline = call('ZSCORE', MEMBERS, epoch) or call('ZSCORE', AWAY, epoch)
  if not deadline then return end
  call('HSET', LOST, epoch, string.format('%.0f', tonumber(deadline) - about(epoch).patience))
  local handed = {}
  for test in string.gmatch(call('HGET', HANDED, epoch) or '', '%d+') do handed[tonumber(test)] = true end
  for _, name in ipairs(sorted(call('SMEMBERS', held(epoch)))) do
    for _, test in ipairs(bundle_of(name).t) do
      if handed[test] then suspect(name, test, epoch) end
    end
    release(name, epoch)
  end
  remove(epoch)
  renew()
end

local function expire()
  if get('life') ~= life then
    for _, epoch in ipairs(call('ZRANGE', MEMBERS, 0, -1)) do
      call('ZADD', AWAY, at + about(epoch).patience, epoch)
    end
    call('DEL', MEMBERS, BUDGETS, HUNGRY)
    call('HSET', META, 'life', life)
  end
  for _, set in ipairs({MEMBERS, AWAY}) do
    local dead = call('ZRANGEBYSCORE', set, '-inf', at)
    table.sort(dead, function(a, b) return tonumber(a) < tonumber(b) end)
    for _, epoch in ipairs(dead) do bury(epoch) end
  end
end

-- Whether the caller is a member; it has been heard of, then.
local function enters(fence_life, epoch)
  expire()
  if fence_life ~= life or not call('ZSCORE', MEMBERS, epoch) then return false end
  call('ZADD', MEMBERS, at + about(epoch).patience, epoch)
  return true
end

local function nothing_waits()
  if call('ZCARD', SUSPECTS) > 0 then return false end
  for _, queue in ipairs(queues()) do
    if call('ZCARD', line(queue)) > 0 then return false end
  end
  return true
end

local function tests_of(bundle) return table.concat(bundle.t, ',') end

local function give(epoch)
  local member = about(epoch)
  local largest = tonumber(call('ZRANGE', BUDGETS, -1, -1, 'WITHSCORES')[2])
  local smallest = tonumber(call('ZRANGE', BUDGETS, 0, 0, 'WITHSCORES')[2])
  local is_largest = member.budget >= largest
  local heads, group = {}, nil
  for _, queue in ipairs(queues()) do
    if not group or queue.g <= group then
      local fitting = {}
      for _, name in ipairs(call('ZRANGE', line(queue), 0, MOST - 1)) do
        local bundle = bundle_of(name)
        if is_largest or bundle.p <= member.budget then
          bundle.name = name
          fitting[#fitting + 1] = bundle
        end
      end
      if #fitting > 0 then
        if group and queue.g < group then heads = {} end
        group = queue.g
        heads[#heads + 1] = {at = 1, bundles = fitting}
      end
    end
  end
  local workers = 0
  for _, other in ipairs(call('ZRANGE', MEMBERS, 0, -1)) do workers = workers + about(other).workers end
  local time = math.floor(number('waiting') / (2 * math.max(1, workers)))
  time = math.min(LONGEST, math.max(SHORTEST, time))
  local function before(one, other)
    local scarce, other_scarce = one.p > smallest, other.p > smallest
    if scarce ~= other_scarce then return scarce end
    if one.m ~= other.m then return one.m > other.m end
    return one.name < other.name
  end
  local taken, micros, byte_micros = {}, 0, 0
  while #taken < MOST and micros < time * member.workers and byte_micros < time * member.budget do
    local best
    for _, head in ipairs(heads) do
      local first = head.bundles[head.at]
      if first and (not best or before(first, best.bundles[best.at])) then best = head end
    end
    if not best then break end
    local bundle = best.bundles[best.at]
    best.at = best.at + 1
    lease(bundle.name, epoch)
    micros = micros + bundle.m
    byte_micros = byte_micros + bundle.m * bundle.p
    taken[#taken + 1] = {bundle.name, 0, tests_of(bundle)}
  end
  -- Budgets are what is free just now, so those of equal machines differ a little.
  if #taken == 0 and member.budget * 10 >= largest * 9 then
    local name = call('ZRANGE', SUSPECTS, 0, 0)[1]
    local bundle = name and bundle_of(name)
    if bundle and (is_largest or bundle.p <= member.budget) then
      lease(name, epoch)
      taken[1] = {name, 1, tests_of(bundle)}
    end
  end
  return taken
end

local calls = {}

-- Whose turn it is to fill the board: 'open' when it is filled, 'wait' while another fills it, 'fill' for the caller.
function calls.claim(token, patience)
  if get('open') then return 'open' end
  if get('filler') and at < number('filling') then return 'wait' end
  local names = {BUNDLES, SUSPECTS, MANIFEST, LINES}
  for _, queue in ipairs(queues()) do names[#names + 1] = line(queue) end
  call('DEL', META, unpack(names))
  call('HSET', META, 'filler', token, 'filling', at + tonumber(patience), 'life', life)
  return 'fill'
end

-- Whether the caller fills the board, and the store has forgotten nothing of it.
local function fills(token) return get('filler') == token and not get('open') and get('life') == life end

function calls.load(token, patience, first, ...)
  if not fills(token) then return false end
  call('HSET', META, 'filling', at + tonumber(patience))
  for i, text in ipairs({...}) do
    local name = 'b' .. (tonumber(first) + i - 1)
    call('HSET', BUNDLES, name, text)
    await(name)
  end
  return 'ok'
end

function calls.describe(token, ...)
  if not fills(token) then return false end
  for _, text in ipairs({...}) do call('RPUSH', MANIFEST, text) end
  return 'ok'
end

function calls.open(token, tests, digest, environment)
  if not fills(token) then return false end
  call('HSET', META, 'open', at, 'tests', tests, 'digest', digest, 'environment', environment)
  return 'ok'
end

-- The membership of a machine, by its name: the machine may know of a later one that the store has forgotten.
local function membership(name)
  for _, set in ipairs({MEMBERS, AWAY}) do
    for _, epoch in ipairs(call('ZRANGE', set, 0, -1)) do
      if about(epoch).name == name then return epoch end
    end
  end
end

function calls.join(name, workers, budget, patience, before_life, ...)
  if not get('open') then return false end
  expire()
  if before_life ~= '' and not string.find(before_life, ':' .. round .. '$') then return 'requeued' end
  local epoch = tostring(call('HINCRBY', META, 'epoch', 1))
  local old = membership(name)
  local handed
  if old then
    handed = call('HGET', HANDED, old)
    for _, bundle in ipairs(sorted(call('SMEMBERS', held(old)))) do release(bundle, old) end
    remove(old)
  end
  local lost = {}
  local seen = {}
  for _, bundle in ipairs({...}) do
    if not seen[bundle] then
      seen[bundle] = true
      if is_waiting(bundle) then lease(bundle, epoch) else lost[#lost + 1] = bundle end
    end
  end
  call('HSET', ABOUT, epoch, cjson.encode({name = name, workers = tonumber(workers), budget = tonumber(budget),
    patience = tonumber(patience)}))
  call('ZADD', MEMBERS, at + tonumber(patience), epoch)
  call('ZADD', BUDGETS, budget, epoch)
  if handed then call('HSET', HANDED, epoch, handed) end
  call('HSET', NAMES, epoch, name)
  return {life, epoch, lost}
end

function calls.beat(fence_life, epoch, handed)
  if not enters(fence_life, epoch) then return false end
  call('HSET', HANDED, epoch, handed)
  renew()
  call('PEXPIRE', held(epoch), KEEP)
  local others = call('SCARD', HUNGRY) - call('SISMEMBER', HUNGRY, epoch)
  local back = 0
  if others > 0 and nothing_waits() then back = 1 end
  return {number('settled'), number('red'), number('tests'), back}
end

function calls.take(fence_life, epoch)
  if not enters(fence_life, epoch) then return false end
  local taken = {}
  if call('ZCARD', AWAY) == 0 then taken = give(epoch) end
  if #taken == 0 and nothing_waits() then call('SADD', HUNGRY, epoch) else call('SREM', HUNGRY, epoch) end
  return taken
end

function calls.settle(fence_life, epoch, again, ...)
  if not enters(fence_life, epoch) then return false end
  local refused = {}
  local words = {...}
  for i = 1, #words - 3, 4 do
    local name, test, red, text = words[i], tonumber(words[i + 1]), words[i + 2] == '1', words[i + 3]
    if call('HEXISTS', BUNDLES, 's' .. words[i + 1]) == 1 then name = 's' .. words[i + 1] end
    local bundle = bundle_of(name)
    local mine = call('HGET', LEASES, name) == epoch
    local there = false
    for _, other in ipairs(bundle and bundle.t or {}) do there = there or other == test end
    if not there or call('GETBIT', SETTLED, test) == 1 or not (mine or again == '1') then
      refused[#refused + 1] = test
    else
      settle(name, test, red)
      call('XADD', LOG, '*', 'e', epoch, 't', test, 'r', text)
    end
  end
  return refused
end

function calls.giveback(fence_life, epoch, ...)
  if not enters(fence_life, epoch) then return false end
  for _, name in ipairs({...}) do
    if call('HGET', LEASES, name) == epoch then release(name, epoch) end
  end
  return 'ok'
end

function calls.late(fence_life, epoch, test, text)
  if not enters(fence_life, epoch) then return false end
  if call('SETBIT', LATES, test, 1) == 0 then
    add('red', 1)
    call('XADD', LOG, '*', 'e', epoch, 't', test, 'late', text)
  end
  return 'ok'
end

function calls.verdict()
  expire()
  return {number('settled'), number('red'), number('tests'), call('ZCARD', MEMBERS) + call('ZCARD', AWAY), number('code')}
end

function calls.leave(fence_life, epoch, code, text)
  if not enters(fence_life, epoch) then return false end
  if code ~= '0' and code ~= '1' and code ~= '5' then call('HSETNX', META, 'code', code) end
  for _, name in ipairs(sorted(call('SMEMBERS', held(epoch)))) do release(name, epoch) end
  remove(epoch)
  call('XADD', LOG, '*', 'e', epoch, 'left', text)
  return 'ok'
end

-- Give red tests back, when no machine takes part: `[[test, bundle], ...]`, without a bundle to run alone. Answers those that
-- wait again, or 'busy'.
function calls.requeue(text)
  expire()
  if call('ZCARD', MEMBERS) + call('ZCARD', AWAY) > 0 then return 'busy' end
  local back = {}
  for _, again in ipairs(cjson.decode(text)) do
    local test, bundle = again[1], again[2]
    local reds = call('GETBIT', REDS, test) + call('GETBIT', LATES, test)
    if call('GETBIT', SETTLED, test) == 1 and reds > 0 then
      for _, bits in ipairs({SETTLED, REDS, LATES}) do call('SETBIT', bits, test, 0) end
      add('settled', -1)
      add('red', -reds)
      call('HDEL', DEATHS, test)
      local name = (bundle and 'r' or 's') .. test
      keep(name, bundle or {g = 0, c = 0, p = 0, m = 0, t = {test}})
      await(name)
      call('XADD', LOG, '*', 'e', 0, 't', test, 'again', 1)
      back[#back + 1] = test
    end
  end
  if #back > 0 then add('round', 1) end
  renew()
  return back
end

function calls.evict(epoch)
  expire()
  bury(epoch)
  return 'ok'
end

return calls[ARGV[1]](unpack(ARGV, 2))
