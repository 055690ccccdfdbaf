#!lua name=bench
-- What a step in Redis is compared with: a function that does nothing, and a lock as one would write it by hand, that checks
-- the session, answers and tells as ours does, and knows nothing else: no conflicts but one, no queue, no break, no deadline.
redis.register_function('bench_nothing', function()
  return ''
end)

local function refused(reason)
  return cmsgpack.pack({ value = { refused = { reason = reason } }, asks = {} })
end

local function finish(kind, session, lease, held)
  local view = {
    leaseId = lease,
    sessionId = session,
    owner = held.owner,
    exportName = held.exportName,
    path = held.path,
    fileKey = held.fileKey,
    fileId = held.fileId,
    ownerKey = held.ownerKey,
    type = kind == 'granted' and held.type or 'none',
    state = kind == 'granted' and 'active' or 'released',
    token = held.token,
    seqid = 1,
    backed = false,
    delegation = false,
  }
  redis.call('XADD', 'bench:log', 'MAXLEN', '~', 100000, '*', 'r', cmsgpack.pack({ kind = kind, lease = view }))
  return cmsgpack.pack({ value = { lease = view, pending = false, waiting = false }, asks = {} })
end

redis.register_function('bench_acquire', function(_, args)
  local input = cmsgpack.unpack(args[1])
  local item = input.item
  if redis.call('HGET', 'bench:session', input.sessionId) ~= input.digest then return refused('not_holder') end
  if redis.call('HEXISTS', 'bench:file', item.fileKey) == 1 then return refused('lease_conflict') end
  item.token = redis.call('INCR', 'bench:token')
  item.type = input.type
  redis.call('HSET', 'bench:file', item.fileKey, item.leaseId)
  redis.call('HSET', 'bench:lease', item.leaseId, cmsgpack.pack(item))
  redis.call('ZADD', 'bench:held:' .. input.sessionId, item.token, item.leaseId)
  return finish('granted', input.sessionId, item.leaseId, item)
end)

redis.register_function('bench_release', function(_, args)
  local input = cmsgpack.unpack(args[1])
  if redis.call('HGET', 'bench:session', input.sessionId) ~= input.digest then return refused('not_holder') end
  local packed = redis.call('HGET', 'bench:lease', input.leaseId)
  if not packed then return refused('no_such_lease') end
  local held = cmsgpack.unpack(packed)
  redis.call('HDEL', 'bench:file', held.fileKey)
  redis.call('HDEL', 'bench:lease', input.leaseId)
  redis.call('ZREM', 'bench:held:' .. input.sessionId, input.leaseId)
  return finish('released', input.sessionId, input.leaseId, held)
end)
