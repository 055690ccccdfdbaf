// Made by `npm run build:lua` from the rules in core/; see scripts/build-lua.cjs. Do not edit.
export const libraryCode = String.raw`local require = nil
local function select(_, ...) return 0 end
local ____modules = {}
local ____moduleCache = {}
local ____originalRequire = require
local function require(file, ...)
    if ____moduleCache[file] then
        return ____moduleCache[file].value
    end
    if ____modules[file] then
        local module = ____modules[file]
        local value = nil
        if (select("#", ...) > 0) then value = module(...) else value = module(file) end
        ____moduleCache[file] = { value = value }
        return value
    else
        if ____originalRequire then
            return ____originalRequire(file)
        else
            error("module '" .. file .. "' not found")
        end
    end
end
____modules = {
["libs.locks.src.core.reasons"] = function(...)
local ____exports = {}
function ____exports.refuse(reason)
    return {refused = {reason = reason}}
end
return ____exports
 end,
["libs.locks.src.core.rows"] = function(...)
local ____exports = {}
return ____exports
 end,
["libs.locks.src.core.io"] = function(...)
local ____exports = {}
____exports.verbFlags = {
    identify = "settle",
    placeCheck = "read",
    tick = "settle",
    sessionCreate = "grow",
    clientExchange = "grow",
    clientConfirm = "settle",
    sessionGet = "settle",
    keepalive = "settle",
    sessionEnd = "settle",
    streamsTell = "settle",
    serverList = "read",
    sessionList = "read",
    sessionEnter = "settle",
    guestSet = "settle",
    guestCheck = "settle",
    newsList = "read",
    newsTold = "settle",
    waitList = "read",
    waitDrop = "settle",
    subjectSet = "settle",
    subjectList = "read",
    leaseAlloc = "grow",
    leaseSet = "settle",
    leaseAcquire = "grow",
    leaseUndo = "settle",
    leaseGet = "settle",
    leaseList = "settle",
    openCreate = "break",
    openSet = "break",
    openGet = "settle",
    openClose = "settle",
    delegationWant = "grow",
    leaseFree = "settle",
    stateidTest = "settle",
    stateidFree = "settle",
    attributesAsk = "grow",
    attributesTell = "settle",
    attributesRecall = "settle",
    rangeLock = "grow",
    rangeUnlock = "settle",
    rangeTest = "settle",
    rangeCancel = "settle",
    rangeGet = "settle",
    rangeDrop = "settle",
    fileChange = "break",
    changeCancel = "settle",
    changeReport = "settle",
    delegationUntold = "settle",
    connect = "grow",
    connectionGet = "settle",
    connectionList = "read",
    connectionHangup = "settle",
    disconnect = "settle",
    dlmLock = "grow",
    dlmConvert = "settle",
    dlmCancel = "settle",
    dlmUnlock = "settle",
    dlmGet = "settle",
    dlmList = "settle",
    resourceGet = "read",
    permitTake = "grow",
    permitGet = "settle",
    permitDrop = "settle",
    permitCheck = "read",
    setDecide = "settle",
    waitGet = "settle",
    reclaimComplete = "settle",
    exportGrace = "settle",
    graceGet = "read",
    fenceGet = "read",
    fenceCheck = "settle",
    lockRelease = "settle",
    lockBreak = "settle",
    lockGet = "read",
    lockList = "read",
    exportDeclare = "settle",
    exportList = "read",
    exportCopy = "read",
    exportFollow = "settle",
    operationAlone = "settle",
    exportPut = "grow",
    exportTouch = "grow",
    exportCount = "settle",
    stackPut = "grow",
    stackList = "read",
    regionPut = "grow",
    regionList = "read",
    nodePut = "grow",
    nodeList = "read",
    itemRemove = "settle",
    dependentList = "read",
    pinAdd = "grow",
    pinGet = "settle",
    pinDrop = "settle",
    exportHangup = "settle",
    exportResume = "settle",
    adapterStop = "settle",
    operationGet = "read",
    operationList = "read",
    nodeBeat = "settle",
    subscribe = "grow",
    unsubscribe = "settle",
    noticeAck = "settle",
    unboundList = "read",
    fileBind = "settle",
    register = "settle",
    heartbeat = "settle",
    deregister = "settle",
    holdReport = "settle",
    holdAnswered = "settle",
    rangesAnswered = "settle",
    fileserverBreak = "settle",
    fileserverLost = "settle",
    nameList = "read",
    fileMoved = "settle",
    fileDetached = "settle"
}
return ____exports
 end,
["libs.locks.src.core.keys"] = function(...)
local ____exports = {}
function ____exports.sessionRows(sessionId)
    return "s:" .. sessionId
end
function ____exports.sessionEnded(sessionId)
    return "se:" .. sessionId
end
____exports.courtesy = "courtesy"
____exports.news = "news"
function ____exports.fileRows(fileKey)
    return "x:" .. fileKey
end
function ____exports.grants(fileKey)
    return "f:" .. fileKey
end
function ____exports.intents(fileKey)
    return "p:" .. fileKey
end
function ____exports.fileOpens(fileKey)
    return "o:" .. fileKey
end
function ____exports.openLocks(openId)
    return "L:" .. openId
end
function ____exports.queue(fileKey)
    return "w:" .. fileKey
end
____exports.waits = "waits"
function ____exports.ownerWaits(ownerKey)
    return "W:" .. ownerKey
end
function ____exports.tangled(fileKey)
    return "wt:" .. fileKey
end
function ____exports.wants(fileKey)
    return "d:" .. fileKey
end
____exports.delegators = "delegators"
____exports.breaks = "breaks"
function ____exports.exportFiles(exportName)
    return "i:" .. exportName
end
function ____exports.graceOf(exportName)
    return "I:" .. exportName
end
function ____exports.heldFiles(exportName)
    return "h:" .. exportName
end
function ____exports.unboundFiles(exportName)
    return "b:" .. exportName
end
function ____exports.sameFile(fileSystem, fileId)
    return (("l:" .. fileSystem) .. ":") .. fileId
end
function ____exports.dependents(item)
    return "P:" .. item
end
function ____exports.pinsBy(item)
    return "Q:" .. item
end
function ____exports.subscribers(region)
    return "U:" .. region
end
function ____exports.stackAdapters(stack)
    return "A:" .. stack
end
function ____exports.grantedIn(fileKey, mode)
    return ("m:" .. mode) .. fileKey
end
function ____exports.turns(fileKey)
    return "t:" .. fileKey
end
function ____exports.orphans(fileKey, tenant)
    return (("z:" .. fileKey) .. " ") .. tenant
end
function ____exports.orphansIn(exportName, tenant)
    return (exportName .. " ") .. tenant
end
function ____exports.nodeOrphans(node)
    return "N:" .. node
end
function ____exports.connectionLocks(connectionId)
    return "C:" .. connectionId
end
local function spaceOf(space)
    return space == "whole" and "k:" or "r:"
end
function ____exports.ownerRanges(fileKey, space, kind, ownerKey)
    return ((((("y:" .. fileKey) .. ":") .. spaceOf(space)) .. kind) .. ":") .. ownerKey
end
____exports.offsetLength = 20
function ____exports.writeRanges(fileKey, space)
    return ("v:" .. spaceOf(space)) .. fileKey
end
function ____exports.readRanges(fileKey, space)
    return ("u:" .. spaceOf(space)) .. fileKey
end
function ____exports.rangeNodes(fileKey, space)
    return ("n:" .. spaceOf(space)) .. fileKey
end
function ____exports.share(fileKey, ownerKey)
    return (fileKey .. ":") .. ownerKey
end
____exports.letters = {
    lease = "l",
    open = "o",
    range = "r",
    change = "c",
    dlm = "m",
    permit = "q"
}
function ____exports.member(letter, id)
    return (letter .. ":") .. id
end
function ____exports.letterOf(rows, of)
    return rows:letter(of)
end
function ____exports.lease(id)
    return ____exports.member(____exports.letters.lease, id)
end
function ____exports.open(id)
    return ____exports.member(____exports.letters.open, id)
end
function ____exports.range(id)
    return ____exports.member(____exports.letters.range, id)
end
function ____exports.change(id)
    return ____exports.member(____exports.letters.change, id)
end
function ____exports.dlm(id)
    return ____exports.member(____exports.letters.dlm, id)
end
function ____exports.permit(id)
    return ____exports.member(____exports.letters.permit, id)
end
function ____exports.tenure(member)
    return "t:" .. member
end
function ____exports.session(id)
    return "s:" .. id
end
function ____exports.file(fileKey)
    return "f:" .. fileKey
end
function ____exports.subscription(id)
    return "u:" .. id
end
function ____exports.want(fileKey)
    return "d:" .. fileKey
end
function ____exports.lockState(id)
    return "k:" .. id
end
function ____exports.subject(tenant, name)
    return ((tenant or "") .. " ") .. (name or "")
end
____exports.servers = "servers"
function ____exports.server(id)
    return "v:" .. id
end
function ____exports.connection(id)
    return "h:" .. id
end
function ____exports.operation(id)
    return "g:" .. id
end
local rowMembers = {
    [____exports.letters.lease] = "lease",
    [____exports.letters.open] = "open",
    [____exports.letters.range] = "range",
    [____exports.letters.change] = "change",
    [____exports.letters.dlm] = "dlm",
    [____exports.letters.permit] = "permit",
    t = "tenure",
    s = "session",
    f = "file",
    u = "subscription",
    d = "want",
    k = "lockState",
    g = "operation",
    h = "connection",
    v = "server",
    e = "export",
    n = "node",
    a = "adapter",
    p = "pin"
}
function ____exports.rowMember(rows, member)
    return rowMembers[rows:letter(member)]
end
function ____exports.stackItem(name)
    return "s:" .. name
end
function ____exports.exportItem(name)
    return "e:" .. name
end
function ____exports.nodeItem(name)
    return "n:" .. name
end
function ____exports.regionItem(name)
    return "r:" .. name
end
function ____exports.adapter(incarnation)
    return "a:" .. incarnation
end
function ____exports.pin(id)
    return "p:" .. id
end
function ____exports.dependentSession(id)
    return "c:" .. id
end
local itemMembers = {
    s = "stack",
    e = "export",
    n = "node",
    r = "region",
    a = "adapter",
    p = "pin",
    c = "session",
    h = "connection"
}
function ____exports.itemMember(rows, key)
    return itemMembers[rows:letter(key)]
end
function ____exports.idOf(rows, member)
    return rows:idOf(member)
end
return ____exports
 end,
["libs.locks.src.core.step"] = function(...)
local ____exports = {}
local timeAt, advance, paced, clockNamed, paceTime, setClock, ownNumber, clockNumber, outageMs, paceSlackMs, clocksMax, clockUnit
function timeAt(meta)
    return meta.wall - meta.skew
end
function advance(step)
    local ____step_0 = step
    local meta = ____step_0.meta
    local wall = ____step_0.wall
    local last = timeAt(meta)
    local gap = wall - meta.wall
    local even = gap >= 0 and gap <= outageMs
    if not even then
        step.changed = true
    end
    local ____temp_1 = step.rows:monotonic()
    local name = ____temp_1.name
    local ms = ____temp_1.ms
    local known = clockNamed(meta, name)
    if known == nil then
        step.changed = true
    end
    if known == nil then
        return even and gap or 0
    end
    local shown = known.base + ms - last
    if shown > outageMs then
        step.changed = true
    end
    if shown > outageMs or shown < 0 then
        return 0
    end
    if not even or meta.pace == nil then
        return shown
    end
    return math.min(
        shown,
        math.max(
            0,
            paced(meta.pace, wall) - last
        )
    )
end
function paced(pace, wall)
    return pace.time + wall - pace.wall
end
function clockNamed(meta, name)
    for ____, clock in ipairs(meta.clocks or ({})) do
        if clock.name == name then
            return clock
        end
    end
    return nil
end
function paceTime(step, pace)
    if pace == nil or step.wall < step.meta.wall or step.wall - step.meta.wall > outageMs then
        return step.now
    end
    return math.max(
        step.now,
        math.min(
            paced(pace, step.wall),
            step.now + paceSlackMs
        )
    )
end
function setClock(step, due)
    local ____step_4 = step
    local meta = ____step_4.meta
    local now = ____step_4.now
    local ____temp_5 = step.rows:monotonic()
    local name = ____temp_5.name
    local ms = ____temp_5.ms
    local known = clockNamed(meta, name)
    if known ~= nil then
        if due or known.base + ms - now > outageMs then
            known.base = math.min(known.base, now - ms)
        end
        known.seen = now
        return
    end
    local clocks = {{name = name, base = now - ms, seen = now}}
    local all = meta.clocks or ({})
    local oldest = all[1]
    for ____, clock in ipairs(all) do
        if oldest ~= nil and clock.seen < oldest.seen then
            oldest = clock
        end
    end
    for ____, clock in ipairs(all) do
        if #all < clocksMax or clock ~= oldest then
            clocks[#clocks + 1] = clock
        end
    end
    meta.clocks = clocks
end
function ownNumber(____bindingPattern0, least)
    local meta
    meta = ____bindingPattern0.meta
    local ____meta_6 = meta
    local shard = ____meta_6.shard
    if shard == nil then
        shard = 0
    end
    local shards = ____meta_6.shards
    if shards == nil then
        shards = 1
    end
    if shards == 1 then
        return least
    end
    local own = math.floor(least / shards) * shards + shard
    return own < least and own + shards or own
end
function clockNumber(step)
    return math.floor(step.wall) * clockUnit
end
function ____exports.linkDue(step, member, at)
    step.rows:link("due", member, at)
    if at < (step.meta.firstDue or 0) then
        ____exports.setFirstDue(step, at)
    end
end
function ____exports.unlinkDue(step, member, at)
    step.rows:unlink("due", member, at)
end
function ____exports.setFirstDue(step, at)
    if step.meta.firstDue == at then
        return
    end
    step.meta.firstDue = at
    step.changed = true
end
outageMs = 3000
local tickMs = 1000
paceSlackMs = 100
clocksMax = 16
clockUnit = 2048
local numbersEnd = 9007199254740991 - 4294967296
local function freshMeta()
    return {
        epoch = 1,
        token = 0,
        seq = 0,
        records = 0,
        wall = 0,
        skew = 0,
        identity = "",
        sessions = 0,
        held = {
            reads = 0,
            writes = 0,
            delegReads = 0,
            delegWrites = 0,
            opens = 0,
            ranges = 0,
            waits = 0,
            waiting = {
                lease = 0,
                open = 0,
                range = 0,
                change = 0,
                dlm = 0
            },
            breaks = 0
        },
        graceUntil = 0,
        graceUpTo = 0,
        graceWaits = 0,
        limits = {
            sessionLocksMax = 10000,
            sessionsMax = 100000,
            queueMax = 256,
            rangesMax = 10000,
            fileDelegationsMax = 1000,
            sessionDelegationsMax = 10000,
            exportDelegationsMax = 100000,
            revokedMax = 3,
            courtesyMax = 1000,
            coolMs = 30000,
            graceMs = 0,
            recoveryMs = 0,
            unusedMs = 60000,
            rememberMs = 60000,
            askMs = 5000,
            lostMs = 5000
        }
    }
end
function ____exports.beginStep(rows, budget, short)
    if short == nil then
        short = false
    end
    local meta = rows:get("meta", "shard") or freshMeta()
    local wall = rows:wall()
    local step = {
        rows = rows,
        meta = meta,
        wall = wall,
        now = wall,
        asks = {},
        budget = budget,
        short = short,
        changed = meta.wall == 0,
        recheck = {}
    }
    if meta.wall ~= 0 then
        step.now = timeAt(meta) + advance(step)
    end
    return step
end
function ____exports.endStep(step)
    local ____step_2 = step
    local meta = ____step_2.meta
    if not step.changed and step.wall - meta.wall < tickMs then
        return
    end
    local ____meta_3 = meta
    local pace = ____meta_3.pace
    local gap = step.wall - meta.wall
    local due = pace == nil or gap < 0 or step.wall - pace.wall >= tickMs
    setClock(step, due)
    if meta.wall ~= 0 and gap > outageMs then
        meta.backAt = step.now
    end
    if due then
        meta.pace = {
            wall = step.wall,
            time = paceTime(step, pace)
        }
    end
    meta.wall = step.wall
    meta.skew = step.wall - step.now
    step.rows:put("meta", "shard", meta)
end
local function nextNumber(step, last)
    step.changed = true
    local clock = clockNumber(step)
    return ownNumber(
        step,
        clock > numbersEnd and last + 1 or math.max(last + 1, clock)
    )
end
function ____exports.inShards(____bindingPattern0)
    local meta
    meta = ____bindingPattern0.meta
    return (meta.shards or 1) > 1
end
function ____exports.usedUp(step)
    local ____step_meta_7 = step.meta
    local token = ____step_meta_7.token
    local seq = ____step_meta_7.seq
    return math.max(
        clockNumber(step),
        math.max(token, seq)
    ) > numbersEnd
end
function ____exports.nextSeq(step)
    step.meta.seq = nextNumber(step, step.meta.seq)
    return step.meta.seq
end
function ____exports.mintToken(step)
    step.meta.token = nextNumber(step, step.meta.token)
    return step.meta.token
end
function ____exports.raiseEpoch(step, above, salt)
    local last = math.max(step.meta.epoch, above)
    step.meta.epoch = ownNumber(
        step,
        nextNumber(step, last > numbersEnd and 0 or last) + salt
    )
end
function ____exports.record(step, change)
    local ____step_meta_8, ____records_9 = step.meta, "records"
    ____step_meta_8[____records_9] = ____step_meta_8[____records_9] + 1
    step.changed = true
    local row = change
    row.no = step.meta.records
    row.epoch = step.meta.epoch
    row.wall = step.wall
    step.rows:record(row)
end
function ____exports.count(step, what, by)
    local ____step_meta_10 = step.meta
    local held = ____step_meta_10.held
    if held == nil or by == 0 then
        return
    end
    held[what] = (held[what] or 0) + by
    step.changed = true
end
function ____exports.countWait(step, kind, by)
    local ____step_meta_11 = step.meta
    local held = ____step_meta_11.held
    if held == nil then
        return
    end
    if held.waiting == nil and held.waits == 0 then
        held.waiting = {}
    end
    held.waits = held.waits + by
    if held.waiting ~= nil then
        held.waiting[kind] = (held.waiting[kind] or 0) + by
    end
    step.changed = true
end
function ____exports.countMode(step, mode, by)
    local ____step_meta_12 = step.meta
    local held = ____step_meta_12.held
    if held == nil then
        return
    end
    local modes = held.modes or ({
        NL = 0,
        CR = 0,
        CW = 0,
        PR = 0,
        PW = 0,
        EX = 0
    })
    modes[mode] = modes[mode] + by
    held.modes = modes
    step.changed = true
end
function ____exports.measure(step, one)
    local all = step.measured or ({})
    all[#all + 1] = one
    step.measured = all
end
function ____exports.agoMs(step, no)
    return math.max(
        0,
        math.floor(step.wall) - math.floor(no / clockUnit)
    )
end
function ____exports.wallOf(step, time)
    return time + step.wall - step.now
end
function ____exports.setDue(step, member, row, at)
    if row.due == at then
        return
    end
    if row.due ~= 0 then
        ____exports.unlinkDue(step, member, row.due)
    end
    row.due = at
    if at ~= 0 then
        ____exports.linkDue(step, member, at)
    end
end
function ____exports.earlier(a, b)
    if a == 0 then
        return b
    end
    if b == 0 then
        return a
    end
    return math.min(a, b)
end
____exports.endOfList = 9007199254740991
return ____exports
 end,
["libs.locks.src.core.rules.tenure"] = function(...)
local ____exports = {}
local keys = require("libs.locks.src.core.keys")
local ____step = require("libs.locks.src.core.step")
local earlier = ____step.earlier
local linkDue = ____step.linkDue
local unlinkDue = ____step.unlinkDue
local wallOf = ____step.wallOf
function ____exports.beginTenure(step, exp, member, row)
    if row.endsAt ~= nil then
        return
    end
    local ____earlier_3 = earlier
    local ____temp_2 = row.maxHoldMs or 0
    local ____opt_0 = exp.own
    local longest = ____earlier_3(____temp_2, ____opt_0 and ____opt_0.maxHoldMs or 0)
    if longest == 0 then
        return
    end
    row.endsAt = step.now + longest
    linkDue(
        step,
        keys.tenure(member),
        row.endsAt
    )
end
function ____exports.leaveTenure(step, member, row)
    if row.endsAt == nil then
        return
    end
    unlinkDue(
        step,
        keys.tenure(member),
        row.endsAt
    )
    row.endsAt = nil
end
function ____exports.outlasted(step, row)
    return row.endsAt ~= nil and row.endsAt <= step.now
end
function ____exports.showTenure(step, view, row)
    local ____row_4 = row
    local maxHoldMs = ____row_4.maxHoldMs
    local endsAt = ____row_4.endsAt
    view.maxHoldMs = maxHoldMs
    if endsAt == nil then
        return view
    end
    view.endsWall = wallOf(step, endsAt)
    view.remainingMs = math.max(0, endsAt - step.now)
    return view
end
return ____exports
 end,
["libs.locks.src.core.rules.matrix"] = function(...)
local ____exports = {}
____exports.matrix = {
    leaseRead = {leaseWrite = "refused", delegationWrite = "refused", openWrite = "refused", denyRead = "refused"},
    leaseWrite = {
        leaseRead = "refused",
        leaseWrite = "refused",
        delegationRead = "refused",
        delegationNotified = "refused",
        delegationWrite = "refused",
        openRead = "refused",
        openWrite = "refused",
        denyRead = "refused",
        denyWrite = "refused"
    },
    delegationRead = {leaseWrite = "refused", delegationWrite = "refused", openWrite = "refused", denyRead = "refused"},
    delegationNotified = {leaseWrite = "refused", delegationWrite = "refused", openWrite = "refused", denyRead = "refused"},
    delegationWrite = {
        leaseRead = "refused",
        leaseWrite = "refused",
        delegationRead = "refused",
        delegationNotified = "refused",
        delegationWrite = "refused",
        openRead = "refused",
        openWrite = "refused",
        denyRead = "refused",
        denyWrite = "refused"
    },
    openRead = {leaseWrite = "breaks to read", delegationWrite = "breaks to read", denyRead = "refused"},
    openWrite = {
        leaseRead = "breaks to none",
        leaseWrite = "breaks to none",
        delegationRead = "breaks to none",
        delegationNotified = "breaks to none",
        delegationWrite = "breaks to none",
        denyWrite = "refused"
    },
    denyRead = {
        leaseRead = "breaks to none",
        leaseWrite = "breaks to none",
        delegationRead = "breaks to none",
        delegationNotified = "breaks to none",
        delegationWrite = "breaks to none",
        openRead = "refused"
    },
    denyWrite = {leaseWrite = "breaks to read", delegationWrite = "breaks to read", openWrite = "refused"},
    rangeRead = {rangeWrite = "refused"},
    rangeWrite = {rangeRead = "refused", rangeWrite = "refused"},
    flockRead = {flockWrite = "refused"},
    flockWrite = {flockRead = "refused", flockWrite = "refused"},
    truncate = {
        leaseRead = "breaks to none",
        leaseWrite = "breaks to none",
        delegationRead = "breaks to none",
        delegationNotified = "breaks to none",
        delegationWrite = "breaks to none",
        denyWrite = "refused"
    },
    unlink = {delegationRead = "breaks to none", delegationNotified = "breaks to none", delegationWrite = "breaks to none"},
    rename = {delegationRead = "breaks to none", delegationNotified = "breaks to none", delegationWrite = "breaks to none"},
    link = {delegationRead = "breaks to none", delegationNotified = "breaks to none", delegationWrite = "breaks to none"},
    setattr = {delegationRead = "breaks to none", delegationNotified = "breaks to none", delegationWrite = "breaks to none"},
    entries = {delegationRead = "breaks to none", delegationNotified = "breaks to none", delegationWrite = "breaks to none"},
    told = {delegationRead = "breaks to none", delegationWrite = "breaks to none"}
}
____exports.ownRefuses = {wanted = "leaseRead", held = "openWrite"}
____exports.silenceOnBreakToRead = {leaseWrite = "read", delegationWrite = "revoked"}
function ____exports.verdict(held, wanted)
    return ____exports.matrix[wanted][held] or "beside"
end
return ____exports
 end,
["libs.locks.src.core.rules.conflict"] = function(...)
local ____exports = {}
local ____matrix = require("libs.locks.src.core.rules.matrix")
local ownRefuses = ____matrix.ownRefuses
local verdict = ____matrix.verdict
local ranks = {none = 0, read = 1, write = 2}
function ____exports.rank(____type)
    return ranks[____type]
end
function ____exports.stronger(a, b)
    return ranks[a] >= ranks[b] and a or b
end
function ____exports.weaker(a, b)
    return ranks[a] <= ranks[b] and a or b
end
function ____exports.liveType(file)
    if file.writer ~= nil then
        return "write"
    end
    return file.reads > 0 and "read" or "none"
end
function ____exports.wantedHold(file)
    if file.writer ~= nil or file.pendingWriter ~= nil then
        return "write"
    end
    return (file.reads > 0 or file.pendingReads > 0) and "read" or "none"
end
function ____exports.openAsks(access, deny)
    local asks = {}
    if access ~= "write" then
        asks[#asks + 1] = "openRead"
    end
    if access ~= "read" then
        asks[#asks + 1] = "openWrite"
    end
    if deny == "read" or deny == "both" then
        asks[#asks + 1] = "denyRead"
    end
    if deny == "write" or deny == "both" then
        asks[#asks + 1] = "denyWrite"
    end
    return asks
end
function ____exports.leaseAsk(____type, delegation, notify)
    if notify == true and ____type ~= "write" then
        return "delegationNotified"
    end
    if delegation then
        return ____type == "write" and "delegationWrite" or "delegationRead"
    end
    return ____type == "write" and "leaseWrite" or "leaseRead"
end
local leaseKinds = {
    "leaseRead",
    "leaseWrite",
    "delegationRead",
    "delegationNotified",
    "delegationWrite"
}
local openKinds = {"openRead", "openWrite", "denyRead", "denyWrite"}
function ____exports.othersNotified(file, own)
    local ours = (own and own.notify) == true and own.type == "read" and 1 or 0
    return (file.notified or 0) - ours
end
local function others(file, share, own)
    local reads = own ~= nil and own.state == "active" and own.type == "read" and 1 or 0
    local delegReads = own ~= nil and own.delegation and reads or 0
    local notified = ____exports.othersNotified(file, own)
    local writer = file.writer ~= nil and not (own ~= nil and own.state == "active" and own.type == "write") and 1 or 0
    return {
        leaseRead = file.reads - file.delegReads - (reads - delegReads),
        delegationRead = file.delegReads - delegReads - notified,
        delegationNotified = notified,
        leaseWrite = file.writerDelegation and 0 or writer,
        delegationWrite = file.writerDelegation and writer or 0,
        openRead = file.readOpens - share.readOpens,
        openWrite = file.writeOpens - share.writeOpens,
        denyRead = file.denyReads - share.denyReads,
        denyWrite = file.denyWrites - share.denyWrites
    }
end
local function refusedBy(kinds, counts, wanted)
    for ____, kind in ipairs(kinds) do
        if counts[kind] > 0 and verdict(kind, wanted) == "refused" then
            return true
        end
    end
    return false
end
function ____exports.leaseRefusal(file, share, leaseId, own, wanted, now)
    local counts = others(file, share, own)
    if file.pendingWriter ~= nil and file.pendingWriter ~= leaseId then
        counts.leaseWrite = counts.leaseWrite + 1
    end
    counts.leaseRead = counts.leaseRead + file.pendingReads
    if refusedBy(leaseKinds, counts, wanted) then
        return "lease_conflict"
    end
    if wanted == ownRefuses.wanted then
        counts.openWrite = file.writeOpens
    end
    if refusedBy(openKinds, counts, wanted) then
        return "open_conflict"
    end
    if file.fence then
        return "fencing"
    end
    if file.breaking ~= nil and file.breaking.target == "none" then
        return "break_started"
    end
    if file.breakers > 0 then
        return "breaker_queued"
    end
    if file.lockDelayUntil > now then
        return "lock_delay"
    end
    return nil
end
function ____exports.clashOf(file, share, own, asks)
    local counts = others(file, share, own)
    local clash = {refused = false, delegations = true}
    for ____, wanted in ipairs(asks) do
        if refusedBy(openKinds, counts, wanted) then
            clash.refused = true
        end
        for ____, kind in ipairs(leaseKinds) do
            do
                local __continue35
                repeat
                    local found = counts[kind] > 0 and verdict(kind, wanted) or "beside"
                    if found == "beside" or found == "refused" then
                        __continue35 = true
                        break
                    end
                    clash.target = found == "breaks to none" and "none" or (clash.target or "read")
                    if kind == "leaseRead" or kind == "leaseWrite" then
                        clash.delegations = false
                    end
                    __continue35 = true
                until true
                if not __continue35 then
                    break
                end
            end
        end
    end
    return clash
end
local function leaves(asks)
    local left = "write"
    for ____, wanted in ipairs(asks) do
        local onWrite = verdict("leaseWrite", wanted)
        if onWrite == "breaks to none" or verdict("leaseRead", wanted) == "breaks to none" then
            return "none"
        end
        if onWrite == "breaks to read" then
            left = "read"
        end
    end
    return left
end
function ____exports.voidsPending(file, own, asks)
    local left = leaves(asks)
    local ____temp_2
    if own == nil then
        ____temp_2 = nil
    else
        ____temp_2 = own.pendingType
    end
    local ownPending = ____temp_2
    if left ~= "write" and file.pendingWriter ~= nil and ownPending ~= "write" then
        return true
    end
    return left == "none" and file.pendingReads > (ownPending == "read" and 1 or 0)
end
function ____exports.holdBlocks(file, asks)
    return ____exports.rank(file.mayHave) > ____exports.rank(____exports.stronger(
        ____exports.wantedHold(file),
        leaves(asks)
    ))
end
function ____exports.fenceBlocks(file, asks)
    return file.fence and (leaves(asks) == "none" or leaves(asks) == "read" and file.predecessor ~= nil)
end
return ____exports
 end,
["libs.locks.src.core.rules.grace"] = function(...)
local ____exports = {}
local isListed
local keys = require("libs.locks.src.core.keys")
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
function ____exports.endGrace(step, exp)
    if exp.graceUntil == nil then
        return
    end
    for ____, ____value in ipairs(step.rows:page(
        keys.graceOf(exp.name),
        0,
        endOfList,
        ____exports.awaitedMax + 1
    )) do
        local member = ____value.member
        local score = ____value.score
        step.rows:unlink(
            keys.graceOf(exp.name),
            member,
            score
        )
    end
    exp.graceUntil = nil
    exp.graceNo = nil
    exp.graceOpen = nil
    step.rows:put("export", exp.name, exp)
    local left = (step.meta.graces or 1) - 1
    local ____step_meta_9 = step.meta
    local ____temp_8
    if left == 0 then
        ____temp_8 = nil
    else
        ____temp_8 = left
    end
    ____step_meta_9.graces = ____temp_8
    step.changed = true
end
function isListed(step, exp, id, session)
    local found = unpack(
        step.rows:page(
            keys.graceOf(exp.name),
            session.no - 1,
            session.no,
            1
        ),
        1,
        1
    )
    return found ~= nil and found.member == id
end
function ____exports.inGrace(step)
    return step.now < step.meta.graceUntil
end
function ____exports.wasThere(____bindingPattern0, session)
    local meta
    meta = ____bindingPattern0.meta
    local isUnknown = meta.graceUpTo == 0 and session.guest ~= true
    if isUnknown or session.no <= meta.graceUpTo then
        return true
    end
    return session.resumedIn ~= nil
end
function ____exports.neverHeld(step, reclaim, exp)
    if reclaim ~= true then
        return nil
    end
    if not ____exports.inGrace(step) then
        local ____temp_2
        if (exp and exp.graceUntil) == nil then
            ____temp_2 = nil
        else
            ____temp_2 = refuse("reclaim_bad")
        end
        return ____temp_2
    end
    local ____step_meta_3 = step.meta
    local wholeIn = ____step_meta_3.wholeIn
    local graceNo = ____step_meta_3.graceNo
    return wholeIn ~= nil and wholeIn == graceNo and refuse("reclaim_bad") or nil
end
function ____exports.endClaims(step, session)
    local ____step_4 = step
    local meta = ____step_4.meta
    if session.no > meta.graceUpTo or session.reclaimedIn == meta.graceNo then
        return
    end
    if session.skippedIn ~= nil and session.skippedIn == meta.graceNo then
        return
    end
    meta.graceWaits = meta.graceWaits - 1
    step.changed = true
    if meta.graceWaits == 0 then
        meta.graceUntil = math.min(meta.graceUntil, meta.recoverUntil or 0)
    end
end
____exports.awaitedMax = 256
local function isDue(____bindingPattern0, session)
    local graceNo
    graceNo = ____bindingPattern0.graceNo
    if graceNo == nil then
        graceNo = 0
    end
    return session ~= nil and session.no < graceNo and (session.completeNo or 0) < graceNo
end
function ____exports.awaitedIn(step, exp)
    local count = 0
    for ____, ____value in ipairs(step.rows:page(
        keys.graceOf(exp.name),
        0,
        endOfList,
        ____exports.awaitedMax
    )) do
        local member = ____value.member
        local session = step.rows:get("session", member)
        if (session and session.state) == "live" and isDue(exp, session) then
            count = count + 1
        end
    end
    return count
end
function ____exports.graceLeftIn(step, exp)
    local left = (exp.graceUntil or 0) - step.now
    return left > 0 and (exp.graceOpen == true or ____exports.awaitedIn(step, exp) > 0) and left or 0
end
function ____exports.settleGrace(step, exp)
    if exp.graceUntil == nil then
        return 0
    end
    local left = ____exports.graceLeftIn(step, exp)
    if left == 0 then
        ____exports.endGrace(step, exp)
    end
    return left
end
function ____exports.inGraceOf(step, exportName)
    if ____exports.inGrace(step) then
        return true
    end
    local ____temp_7
    if step.meta.graces == nil then
        ____temp_7 = nil
    else
        ____temp_7 = step.rows:get("export", exportName)
    end
    local exp = ____temp_7
    return exp ~= nil and ____exports.settleGrace(step, exp) > 0
end
function ____exports.mayReclaimIn(step, exp, id, session)
    if not isDue(exp, session) then
        return false
    end
    if exp.graceOpen == true then
        return true
    end
    return isListed(step, exp, id, session)
end
function ____exports.completeIn(step, exp, id, session)
    if isListed(step, exp, id, session) then
        step.rows:unlink(
            keys.graceOf(exp.name),
            id,
            session.no
        )
    end
end
return ____exports
 end,
["libs.locks.src.core.rules.courtesy"] = function(...)
local ____exports = {}
local keys = require("libs.locks.src.core.keys")
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local nextSeq = ____step.nextSeq
local setDue = ____step.setDue
local ____grace = require("libs.locks.src.core.rules.grace")
local endClaims = ____grace.endClaims
function ____exports.noteNews(step, id, session)
    if session.shards == nil then
        return
    end
    if session.newsNo ~= nil then
        step.rows:unlink(keys.news, id, session.newsNo)
    end
    session.newsNo = nextSeq(step)
    step.rows:link(keys.news, id, session.newsNo)
end
function ____exports.leaveCourtesy(step, id, session)
    if session.courtesyNo == nil then
        return
    end
    step.rows:unlink(keys.courtesy, id, session.courtesyNo)
    step.meta.courteous = (step.meta.courteous or 1) - 1
    step.changed = true
    session.courtesyNo = nil
    session.skippedIn = step.meta.graceNo
end
function ____exports.endSession(step, id, session, state)
    ____exports.leaveCourtesy(step, id, session)
    session.state = state
    ____exports.noteNews(step, id, session)
end
function ____exports.cede(step, fits)
    for ____, ____value in ipairs(step.rows:page(keys.courtesy, 0, endOfList, step.meta.limits.courtesyMax + 1)) do
        local member = ____value.member
        do
            local __continue14
            repeat
                local session = step.rows:get("session", member)
                if session == nil or session.guest == true or fits ~= nil and not fits(session) then
                    __continue14 = true
                    break
                end
                ____exports.endSession(step, member, session, "expiring")
                setDue(
                    step,
                    keys.session(member),
                    session,
                    step.now
                )
                step.rows:put("session", member, session)
                return true
            until true
            if not __continue14 then
                break
            end
        end
    end
    return false
end
function ____exports.isCourteous(step, sessionId)
    local ____opt_0 = step.rows:get("session", sessionId)
    return (____opt_0 and ____opt_0.state) == "courtesy"
end
function ____exports.heldUntil(____bindingPattern0)
    local unconfirmed
    local courtesyMs
    local expires
    expires = ____bindingPattern0.expires
    courtesyMs = ____bindingPattern0.courtesyMs
    if courtesyMs == nil then
        courtesyMs = 0
    end
    unconfirmed = ____bindingPattern0.unconfirmed
    return unconfirmed == true and expires or expires + courtesyMs
end
function ____exports.enterCourtesy(step, id, session)
    local count = step.meta.courteous or 0
    session.state = "courtesy"
    session.courtesyNo = nextSeq(step)
    session.siftAfter = 0
    step.rows:link(keys.courtesy, id, session.courtesyNo)
    step.meta.courteous = count + 1
    ____exports.noteNews(step, id, session)
    endClaims(step, session)
    if count >= step.meta.limits.courtesyMax then
        ____exports.cede(step, nil)
    end
end
function ____exports.comeBack(step, id, session)
    ____exports.leaveCourtesy(step, id, session)
    session.state = "live"
    session.expires = step.now + session.ttlMs
    setDue(
        step,
        keys.session(id),
        session,
        session.expires
    )
    ____exports.noteNews(step, id, session)
    step.rows:put("session", id, session)
end
return ____exports
 end,
["libs.locks.src.core.rules.modes"] = function(...)
local ____exports = {}
____exports.modes = {
    "NL",
    "CR",
    "CW",
    "PR",
    "PW",
    "EX"
}
local ranks = {
    NL = 0,
    CR = 1,
    CW = 2,
    PR = 3,
    PW = 4,
    EX = 5
}
function ____exports.rankOf(mode)
    return ranks[mode]
end
____exports.besides = {
    NL = {
        NL = true,
        CR = true,
        CW = true,
        PR = true,
        PW = true,
        EX = true
    },
    CR = {
        NL = true,
        CR = true,
        CW = true,
        PR = true,
        PW = true
    },
    CW = {NL = true, CR = true, CW = true},
    PR = {NL = true, CR = true, PR = true},
    PW = {NL = true, CR = true},
    EX = {NL = true}
}
function ____exports.compatible(held, wanted)
    return ____exports.besides[held][wanted] == true
end
function ____exports.writes(mode)
    return mode == "PW" or mode == "EX"
end
function ____exports.blockMoves(from, to)
    if from == nil or ranks[to] > ranks[from] then
        return "read"
    end
    if ____exports.writes(from) then
        return "write"
    end
    return from == to and "read" or nil
end
function ____exports.mayQueue(from, to)
    return ranks[to] > ranks[from] or from == "PR" and to == "CW"
end
local function noCounts()
    return {
        NL = 0,
        CR = 0,
        CW = 0,
        PR = 0,
        PW = 0,
        EX = 0
    }
end
function ____exports.freshResource()
    return {
        granted = noCounts(),
        wanted = noCounts(),
        converting = noCounts(),
        places = 0,
        lastGrant = 0,
        toldUpTo = 0
    }
end
return ____exports
 end,
["libs.locks.src.core.rules.quota"] = function(...)
local ____exports = {}
local counterId, waitingOf, enter, countSubjects, leave
local keys = require("libs.locks.src.core.keys")
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local nextSeq = ____step.nextSeq
local ____courtesy = require("libs.locks.src.core.rules.courtesy")
local cede = ____courtesy.cede
function counterId(session, whose)
    if whose == "subject" then
        return session.counted == true and keys.subject(session.tenant, session.subject) or nil
    end
    return session.countedTenant == true and keys.subject(session.tenant, "") or nil
end
function waitingOf(step, ____bindingPattern0, queue, sessionOf)
    local whose
    local id
    id = ____bindingPattern0.id
    whose = ____bindingPattern0.whose
    local own = 0
    for ____, entry in ipairs(step.rows:page(
        keys.queue(queue.fileKey),
        0,
        endOfList,
        queue.waiting
    )) do
        local of = sessionOf(entry.member)
        local ____temp_18
        if of == nil then
            ____temp_18 = nil
        else
            ____temp_18 = step.rows:get("session", of)
        end
        local session = ____temp_18
        if session ~= nil and counterId(session, whose) == id then
            own = own + 1
        end
    end
    return own
end
function enter(step, id, limits)
    local known = step.rows:get("subject", id)
    local row = known or ({
        no = nextSeq(step),
        sessions = 0,
        rows = 0,
        waits = 0
    })
    if known == nil then
        step.rows:link("subjects", id, row.no)
        countSubjects(step, 1)
    end
    row.sessions = row.sessions + 1
    row.limits = limits
    step.rows:put("subject", id, row)
end
function countSubjects(step, by)
    step.meta.subjects = (step.meta.subjects or 0) + by
    step.changed = true
end
function leave(step, counter)
    local ____counter_row_30, ____sessions_31 = counter.row, "sessions"
    ____counter_row_30[____sessions_31] = ____counter_row_30[____sessions_31] - 1
    if counter.row.sessions > 0 then
        step.rows:put("subject", counter.id, counter.row)
        return
    end
    step.rows:unlink("subjects", counter.id, counter.row.no)
    step.rows:del("subject", counter.id)
    countSubjects(step, -1)
end
local function counterOf(step, sessionId, whose)
    local session = step.rows:get("session", sessionId)
    local ____temp_0
    if session == nil then
        ____temp_0 = nil
    else
        ____temp_0 = counterId(session, whose)
    end
    local id = ____temp_0
    local ____temp_1
    if id == nil then
        ____temp_1 = nil
    else
        ____temp_1 = step.rows:get("subject", id)
    end
    local row = ____temp_1
    local ____temp_2
    if id == nil or row == nil then
        ____temp_2 = nil
    else
        ____temp_2 = {id = id, whose = whose, row = row}
    end
    return ____temp_2
end
local both = {"subject", "tenant"}
local neither = {}
local function counted(step)
    return (step.meta.subjects or 0) == 0 and neither or both
end
function ____exports.countFor(step, sessionId, what, by)
    for ____, whose in ipairs(counted(step)) do
        local counter = counterOf(step, sessionId, whose)
        if counter ~= nil then
            local ____counter_row_3, ____what_4 = counter.row, what
            ____counter_row_3[____what_4] = ____counter_row_3[____what_4] + by
            step.rows:put("subject", counter.id, counter.row)
        end
    end
end
local reasons = {subject = {sessions = "subject_sessions_max", rows = "subject_rows_max", waits = "subject_waits_max", queueShare = "subject_queue_share"}, tenant = {sessions = "tenant_sessions_max", rows = "tenant_rows_max", waits = "tenant_waits_max", queueShare = "tenant_queue_share"}}
local function over(reason, used, allowed)
    return {refused = {reason = reason, used = used, allowed = allowed}}
end
local function cedeRows(step, session, whose, n)
    local id = counterId(session, whose)
    return cede(
        step,
        function(other) return other.rows >= n and counterId(other, whose) == id end
    )
end
local function whoseLimit(reason)
    return reason == reasons.tenant.sessions and "tenant" or "subject"
end
function ____exports.cedeSession(step, session, reason)
    local whose = whoseLimit(reason)
    local id = counterId(session, whose)
    return cede(
        step,
        function(other) return counterId(other, whose) == id end
    )
end
function ____exports.rowsOver(step, sessionId, n)
    for ____, whose in ipairs(counted(step)) do
        do
            local __continue17
            repeat
                local ____opt_5 = counterOf(step, sessionId, whose)
                local row = ____opt_5 and ____opt_5.row
                local ____opt_7 = row and row.limits
                local allowed = ____opt_7 and ____opt_7.rows
                if row == nil or allowed == nil or row.rows + n <= allowed then
                    __continue17 = true
                    break
                end
                local session = step.rows:get("session", sessionId)
                local ceded = session ~= nil and cedeRows(step, session, whose, n)
                if not ceded then
                    return over(reasons[whose].rows, row.rows, allowed)
                end
                __continue17 = true
            until true
            if not __continue17 then
                break
            end
        end
    end
    return nil
end
function ____exports.rowsNear(step, sessionId, n, near)
    for ____, whose in ipairs(counted(step)) do
        local counter = counterOf(step, sessionId, whose)
        local ____opt_11 = counter and counter.row.limits
        local allowed = ____opt_11 and ____opt_11.rows
        if counter ~= nil and allowed ~= nil and near(counter.row.rows + n, allowed) then
            return counter
        end
    end
    return nil
end
function ____exports.isCountedIn(session, ____bindingPattern0)
    local whose
    local id
    id = ____bindingPattern0.id
    whose = ____bindingPattern0.whose
    return counterId(session, whose) == id
end
function ____exports.waitsOver(step, sessionId, queue, sessionOf)
    for ____, whose in ipairs(counted(step)) do
        local counter = counterOf(step, sessionId, whose)
        local ____temp_17 = counter and counter.row.limits or ({})
        local waits = ____temp_17.waits
        local queueShare = ____temp_17.queueShare
        if counter ~= nil and waits ~= nil and counter.row.waits >= waits then
            return over(reasons[whose].waits, counter.row.waits, waits)
        end
        if counter ~= nil and queueShare ~= nil and queue.waiting >= queueShare then
            local own = waitingOf(step, counter, queue, sessionOf)
            if own >= queueShare then
                return over(reasons[whose].queueShare, own, queueShare)
            end
        end
    end
    return nil
end
function ____exports.quietOver(step, sessionId, quietMs)
    local ____opt_21 = counterOf(step, sessionId, "subject")
    local ____opt_19 = ____opt_21 and ____opt_21.row.limits
    local allowed = ____opt_19 and ____opt_19.quietMs
    local ____temp_23
    if allowed == nil or quietMs <= allowed then
        ____temp_23 = nil
    else
        ____temp_23 = over("subject_quiet_max", quietMs, allowed)
    end
    return ____temp_23
end
function ____exports.limitsOf(step, session)
    local limits = {}
    for ____, whose in ipairs(both) do
        local id = counterId(session, whose)
        if id ~= nil then
            local ____opt_24 = step.rows:get("subject", id)
            limits[whose] = ____opt_24 and ____opt_24.limits or ({})
        end
    end
    return limits
end
function ____exports.sessionsOver(step, session, limits)
    for ____, whose in ipairs(both) do
        local id = counterId(session, whose)
        local ____temp_26
        if id == nil then
            ____temp_26 = nil
        else
            ____temp_26 = step.rows:get("subject", id)
        end
        local ____temp_27 = ____temp_26 or ({})
        local sessions = ____temp_27.sessions
        if sessions == nil then
            sessions = 0
        end
        local ____opt_28 = limits[whose]
        local allowed = ____opt_28 and ____opt_28.sessions
        if allowed ~= nil and sessions >= allowed then
            return over(reasons[whose].sessions, sessions, allowed)
        end
    end
    return nil
end
function ____exports.enterSubject(step, session, limits)
    for ____, whose in ipairs(both) do
        local id = counterId(session, whose)
        local given = limits[whose]
        if id ~= nil and given ~= nil then
            enter(step, id, given)
        end
    end
end
function ____exports.leaveSubject(step, sessionId)
    for ____, whose in ipairs(counted(step)) do
        local counter = counterOf(step, sessionId, whose)
        if counter ~= nil then
            leave(step, counter)
        end
    end
end
return ____exports
 end,
["libs.locks.src.core.rules.surplus"] = function(...)
local ____exports = {}
local askMany, askBack, many, askAgainMs, looked
local keys = require("libs.locks.src.core.keys")
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local record = ____step.record
local ____quota = require("libs.locks.src.core.rules.quota")
local isCountedIn = ____quota.isCountedIn
local rowsNear = ____quota.rowsNear
function askMany(step, cause, concerns)
    local page = step.rows:page(keys.delegators, step.meta.askedUpTo or 0, endOfList, looked)
    local upTo
    for ____, ____value in ipairs(page) do
        local member = ____value.member
        local score = ____value.score
        upTo = score
        local session = step.rows:get("session", member)
        if session ~= nil and concerns(session) then
            askBack(step, member, session, cause)
        end
    end
    if #page < looked then
        upTo = nil
    end
    if upTo == step.meta.askedUpTo then
        return
    end
    step.meta.askedUpTo = upTo
    step.changed = true
end
function askBack(step, sessionId, session, cause)
    local ____session_1 = session
    local delegations = ____session_1.delegations
    local state = ____session_1.state
    local askedBackAt = ____session_1.askedBackAt
    if delegations < many or state ~= "live" then
        return
    end
    if askedBackAt ~= nil and step.now < askedBackAt + askAgainMs then
        return
    end
    session.askedBackAt = step.now
    step.rows:put("session", sessionId, session)
    record(
        step,
        {
            kind = "recallAny",
            sessionId = sessionId,
            keep = math.floor(delegations / 2),
            cause = cause
        }
    )
end
many = 8
askAgainMs = 30000
local lookAgainMs = 1000
looked = 16
function ____exports.near(used, allowed)
    return used * 8 >= allowed * 7
end
function ____exports.noteDelegations(step, id, session, before)
    local had = before >= many
    local has = session.delegations >= many
    if has and not had then
        step.rows:link(keys.delegators, id, session.no)
    elseif had and not has then
        step.rows:unlink(keys.delegators, id, session.no)
    end
end
function ____exports.makeRoom(step, sessionId, n)
    local session = step.rows:get("session", sessionId)
    if session == nil then
        return
    end
    if ____exports.near(session.rows + n, step.meta.limits.sessionLocksMax) then
        askBack(step, sessionId, session, "session")
    end
    local counter = rowsNear(step, sessionId, n, ____exports.near)
    if counter == nil then
        return
    end
    local row = counter.row
    local id = counter.id
    local whose = counter.whose
    if step.now < (row.lookedAt or 0) + lookAgainMs then
        return
    end
    row.lookedAt = step.now
    step.rows:put("subject", id, row)
    askMany(
        step,
        whose,
        function(each) return isCountedIn(each, counter) end
    )
end
function ____exports.makeRoomForDelegation(step, sessionId, exportName)
    local ____step_meta_0 = step.meta
    local limits = ____step_meta_0.limits
    local session = step.rows:get("session", sessionId)
    if session ~= nil and ____exports.near(session.delegations + 1, limits.sessionDelegationsMax) then
        askBack(step, sessionId, session, "session")
    end
    local exp = step.rows:get("export", exportName)
    if exp == nil or not ____exports.near(exp.delegations + 1, limits.exportDelegationsMax) then
        return
    end
    if step.now < (exp.lookedAt or 0) + lookAgainMs then
        return
    end
    exp.lookedAt = step.now
    step.rows:put("export", exportName, exp)
    askMany(
        step,
        "export",
        function() return true end
    )
end
function ____exports.makeRoomInTable(step)
    askMany(
        step,
        "table",
        function() return true end
    )
end
return ____exports
 end,
["libs.locks.src.core.rules.file"] = function(...)
local ____exports = {}
local aliased, isName, rangesDue, noteTree, enterExport, leaveExport, backed, rememberedMs, rememberedBytes, rowBytes
local keys = require("libs.locks.src.core.keys")
local ____step = require("libs.locks.src.core.step")
local count = ____step.count
local earlier = ____step.earlier
local endOfList = ____step.endOfList
local nextSeq = ____step.nextSeq
local record = ____step.record
local setDue = ____step.setDue
local wallOf = ____step.wallOf
local ____tenure = require("libs.locks.src.core.rules.tenure")
local leaveTenure = ____tenure.leaveTenure
local ____conflict = require("libs.locks.src.core.rules.conflict")
local liveType = ____conflict.liveType
local rank = ____conflict.rank
local wantedHold = ____conflict.wantedHold
local ____courtesy = require("libs.locks.src.core.rules.courtesy")
local isCourteous = ____courtesy.isCourteous
local ____modes = require("libs.locks.src.core.rules.modes")
local modes = ____modes.modes
local ____quota = require("libs.locks.src.core.rules.quota")
local countFor = ____quota.countFor
local ____surplus = require("libs.locks.src.core.rules.surplus")
local noteDelegations = ____surplus.noteDelegations
function aliased(step, key)
    local alias = step.rows:get("alias", key)
    local ____temp_0
    if alias == nil then
        ____temp_0 = nil
    else
        ____temp_0 = step.rows:get("file", alias.fileKey)
    end
    local row = ____temp_0
    if alias == nil or row == nil then
        return nil
    end
    local exp = step.rows:get("export", row.exportName)
    local ____temp_1
    if exp == nil then
        ____temp_1 = nil
    else
        ____temp_1 = {key = alias.fileKey, row = row, exp = exp}
    end
    return ____temp_1
end
function isName(row)
    return row.resource ~= nil or row.semaphore ~= nil
end
function rangesDue(____bindingPattern0, now)
    local askAfter
    local again
    local ask
    ask = ____bindingPattern0.ask
    again = ____bindingPattern0.again
    askAfter = ____bindingPattern0.askAfter
    if ask ~= nil then
        return ask["until"]
    end
    return earlier(again, askAfter > now and askAfter or 0)
end
function noteTree(step, ____bindingPattern0, used)
    local exp
    local row
    local key
    key = ____bindingPattern0.key
    row = ____bindingPattern0.row
    exp = ____bindingPattern0.exp
    local known = used and row.unbound ~= "name" and not isName(row)
    local ____known_17
    if known then
        local ____opt_15 = exp.place
        ____known_17 = ____opt_15 and ____opt_15[1]
    else
        ____known_17 = nil
    end
    local tree = ____known_17
    if tree == row.tree then
        return
    end
    if row.tree ~= nil then
        step.rows:unlink(
            keys.sameFile(row.tree, row.fileId),
            key,
            row.no
        )
    end
    if tree ~= nil then
        step.rows:link(
            keys.sameFile(tree, row.fileId),
            key,
            row.no
        )
    end
    row.tree = tree
end
function enterExport(step, file)
    local ____file_20 = file
    local key = ____file_20.key
    local row = ____file_20.row
    local exp = ____file_20.exp
    step.rows:link(
        keys.exportFiles(row.exportName),
        key,
        row.no
    )
    if row.unbound ~= nil then
        step.rows:link(
            keys.unboundFiles(row.exportName),
            key,
            row.no
        )
    end
    local counts = not exp["local"] and row.unbound == nil and not isName(row)
    if counts then
        exp.bound = exp.bound + 1
    end
    if row.unbound ~= nil then
        exp.withoutBackend = exp.withoutBackend or ({refused = 0, queued = 0, unbacked = 0})
        local ____exp_withoutBackend_21, ____unbacked_22 = exp.withoutBackend, "unbacked"
        ____exp_withoutBackend_21[____unbacked_22] = ____exp_withoutBackend_21[____unbacked_22] + 1
    end
    if counts or row.unbound ~= nil then
        step.rows:put("export", exp.name, exp)
    end
end
function leaveExport(step, file)
    local ____file_23 = file
    local key = ____file_23.key
    local row = ____file_23.row
    local exp = ____file_23.exp
    step.rows:unlink(
        keys.exportFiles(row.exportName),
        key,
        row.no
    )
    if row.alias ~= nil then
        step.rows:del("alias", row.alias)
        exp.aliases = exp.aliases - 1
    end
    if not exp["local"] and row.unbound ~= "name" and not isName(row) then
        exp.bound = exp.bound - 1
    end
    if row.unbound ~= nil then
        step.rows:unlink(
            keys.unboundFiles(row.exportName),
            key,
            row.no
        )
        ____exports.opened(step, exp)
    end
    local watched = exp.demand ~= nil or exp.operation ~= nil
    if watched then
        setDue(
            step,
            keys.exportItem(exp.name),
            exp,
            step.now
        )
    end
    if not exp["local"] or watched then
        step.rows:put("export", exp.name, exp)
    end
end
function backed(row)
    return row.ask == nil and rank(row.have) >= rank(liveType(row))
end
function ____exports.tally(step, operationId, what, n)
    local ____opt_24 = step.rows:get("operation", operationId)
    local id = ____opt_24 and ____opt_24.part or operationId
    local whole = step.rows:get("operation", id)
    if whole == nil then
        return
    end
    whole[what] = whole[what] + n
    step.rows:put("operation", id, whole)
end
function ____exports.opened(step, exp)
    if exp.opening ~= true or #step.rows:page(
        keys.unboundFiles(exp.name),
        0,
        endOfList,
        1
    ) > 0 then
        return
    end
    exp.opening = nil
    step.rows:put("export", exp.name, exp)
    record(step, {kind = "configured", item = "exports/" .. exp.name, reason = "serves"})
end
function ____exports.shareOf(step, fileKey, ownerKey)
    return step.rows:get(
        "share",
        keys.share(fileKey, ownerKey)
    ) or ({
        opens = 0,
        readOpens = 0,
        writeOpens = 0,
        denyReads = 0,
        denyWrites = 0
    })
end
function ____exports.ownLease(step, file, share)
    if share.leaseId == nil then
        return nil
    end
    local lease = step.rows:get("lease", share.leaseId)
    local ____temp_26
    if lease == nil or ____exports.isRevoked(file.row, lease) then
        ____temp_26 = nil
    else
        ____temp_26 = lease
    end
    return ____temp_26
end
function ____exports.isRevoked(row, lease)
    if lease.state == "revoked" then
        return true
    end
    if row == nil or lease.state ~= "active" then
        return false
    end
    return lease.grantNo <= (lease.delegation and row.delegRevokedUpTo or row.revokedUpTo)
end
function ____exports.ownDelegation(step, file, clientKey)
    local ____file_27 = file
    local row = ____file_27.row
    if row.delegReads == 0 and not row.writerDelegation and row.pendingReads == 0 and row.pendingWriter == nil then
        return nil
    end
    return ____exports.ownLease(
        step,
        file,
        ____exports.shareOf(step, file.key, clientKey)
    )
end
function rememberedMs(step, ____bindingPattern0)
    local owner
    local fileId
    local path
    path = ____bindingPattern0.path
    fileId = ____bindingPattern0.fileId
    owner = ____bindingPattern0.owner
    local ____step_30 = step
    local meta = ____step_30.meta
    local rows = ____step_30.rows
    local second = math.floor(step.now / 1000)
    if meta.endedIn ~= second then
        local ____meta_32 = meta
        local ____temp_31
        if meta.endedIn == second - 1 then
            ____temp_31 = meta.endedBytes
        else
            ____temp_31 = nil
        end
        ____meta_32.endedBefore = ____temp_31
        meta.endedIn = second
        meta.endedBytes = nil
    end
    local bytes = (meta.endedBytes or 0) + rowBytes + rows:size(path) + rows:size(fileId) + rows:size(owner)
    meta.endedBytes = bytes
    step.changed = true
    local pace = math.max(bytes, meta.endedBefore or 0)
    return math.min(
        meta.limits.rememberMs,
        math.floor(rememberedBytes * 1000 / pace)
    )
end
function ____exports.endAsks(step, lease)
    for ____, ____value in ipairs(lease.asked or ({})) do
        local askId = ____value.askId
        local sessionId = ____value.sessionId
        record(step, {kind = "answered", sessionId = sessionId, askId = askId, cause = "ended"})
    end
    lease.asked = nil
    lease.toldHi = nil
    lease.toldLo = nil
end
function ____exports.recordLease(step, id, lease, news)
    local ____lease_33 = lease
    local sessionId = ____lease_33.sessionId
    local owner = ____lease_33.owner
    local ownerKey = ____lease_33.ownerKey
    local fileKey = ____lease_33.fileKey
    local exportName = ____lease_33.exportName
    local path = ____lease_33.path
    local ____type = ____lease_33.type
    local token = ____lease_33.token
    local grantNo = ____lease_33.grantNo
    if news.kind == "granted" then
        local ____news_34 = news
        local kind = ____news_34.kind
        local turn = ____news_34.turn
        local waitNo = ____news_34.waitNo
        local ____record_49 = record
        local ____step_48 = step
        local ____kind_36 = kind
        local ____id_37 = id
        local ____sessionId_38 = sessionId
        local ____owner_39 = owner
        local ____ownerKey_40 = ownerKey
        local ____fileKey_41 = fileKey
        local ____exportName_42 = exportName
        local ____path_43 = path
        local ____type_44 = ____type
        local ____token_45 = token
        local ____grantNo_46 = grantNo
        local ____turn_47 = turn
        local ____temp_35
        if lease.endsAt == nil then
            ____temp_35 = nil
        else
            ____temp_35 = wallOf(step, lease.endsAt)
        end
        ____record_49(____step_48, {
            kind = ____kind_36,
            leaseId = ____id_37,
            sessionId = ____sessionId_38,
            owner = ____owner_39,
            ownerKey = ____ownerKey_40,
            fileKey = ____fileKey_41,
            exportName = ____exportName_42,
            path = ____path_43,
            type = ____type_44,
            token = ____token_45,
            grantNo = ____grantNo_46,
            turn = ____turn_47,
            endsWall = ____temp_35,
            waitNo = waitNo
        })
    elseif news.kind == "downgraded" then
        local ____news_50 = news
        local cause = ____news_50.cause
        record(step, {
            kind = "downgraded",
            leaseId = id,
            sessionId = sessionId,
            owner = owner,
            ownerKey = ownerKey,
            fileKey = fileKey,
            exportName = exportName,
            path = path,
            type = ____type,
            token = token,
            grantNo = grantNo,
            cause = cause
        })
    elseif news.kind == "undone" then
        local ____news_51 = news
        local kind = ____news_51.kind
        local reason = ____news_51.reason
        local waitNo = ____news_51.waitNo
        record(step, {
            kind = kind,
            leaseId = id,
            sessionId = sessionId,
            owner = owner,
            ownerKey = ownerKey,
            fileKey = fileKey,
            exportName = exportName,
            path = path,
            reason = reason,
            waitNo = waitNo
        })
    else
        local ____news_52 = news
        local kind = ____news_52.kind
        local cause = ____news_52.cause
        record(step, {
            kind = kind,
            leaseId = id,
            sessionId = sessionId,
            owner = owner,
            ownerKey = ownerKey,
            fileKey = fileKey,
            exportName = exportName,
            path = path,
            cause = cause
        })
    end
end
function ____exports.countDelegation(step, lease, by, kept)
    local session = step.rows:get("session", lease.sessionId)
    if session ~= nil then
        session.delegations = session.delegations + by
        noteDelegations(step, lease.sessionId, session, session.delegations - by)
        if kept == "revoked" then
            session.revoked = session.revoked + 1
        elseif kept == "taken" then
            session.taken = (session.taken or 0) + 1
        end
        step.rows:put("session", lease.sessionId, session)
    end
    local exp = step.rows:get("export", lease.exportName)
    if exp == nil then
        return
    end
    exp.delegations = exp.delegations + by
    step.rows:put("export", lease.exportName, exp)
end
function ____exports.leaveSession(step, sessionId, member, no)
    step.rows:unlink(
        keys.sessionRows(sessionId),
        member,
        no
    )
    ____exports.countRow(step, sessionId, -1)
end
function ____exports.countRow(step, sessionId, by)
    local session = step.rows:get("session", sessionId)
    if session == nil then
        return
    end
    session.rows = session.rows + by
    step.rows:put("session", sessionId, session)
    countFor(step, sessionId, "rows", by)
end
rememberedBytes = 134217728
rowBytes = 1000
function ____exports.loadFile(step, key)
    local row = step.rows:get("file", key)
    if row == nil then
        return aliased(step, key)
    end
    local exp = step.rows:get("export", row.exportName)
    if exp == nil then
        return nil
    end
    return {key = key, row = row, exp = exp}
end
function ____exports.refIn(file, ref)
    local ____ref_2 = ref
    local exportName = ____ref_2.exportName
    local path = ____ref_2.path
    local fileId = ____ref_2.fileId
    local inode = ____ref_2.inode
    return {
        fileKey = file.key,
        exportName = exportName,
        path = path,
        fileId = fileId,
        inode = inode
    }
end
function ____exports.enterFile(step, ref, exp)
    if ref.probed == true and exp.demand ~= nil and exp.demand.probes > 0 then
        local ____exp_demand_3, ____probes_4 = exp.demand, "probes"
        ____exp_demand_3[____probes_4] = ____exp_demand_3[____probes_4] - 1
        step.rows:put("export", exp.name, exp)
    end
    local known = step.rows:get("file", ref.fileKey)
    if known ~= nil then
        return {key = ref.fileKey, row = known, exp = exp}
    end
    local ____temp_5
    if exp.aliases > 0 then
        ____temp_5 = aliased(step, ref.fileKey)
    else
        ____temp_5 = nil
    end
    local other = ____temp_5
    if other ~= nil then
        return other
    end
    local ____nextSeq_result_7 = nextSeq(step)
    local ____ref_exportName_8 = ref.exportName
    local ____ref_fileId_9 = ref.fileId
    local ____ref_path_10 = ref.path
    local ____ref_inode_11 = ref.inode
    local ____exp_incarnation_12 = exp.incarnation
    local ____temp_13 = ref.placeholder == true and not exp["local"] and "name" or nil
    local ____temp_6
    if ref.semaphore == nil then
        ____temp_6 = nil
    else
        ____temp_6 = {limit = ref.semaphore, held = 0}
    end
    local row = {
        no = ____nextSeq_result_7,
        exportName = ____ref_exportName_8,
        fileId = ____ref_fileId_9,
        path = ____ref_path_10,
        inode = ____ref_inode_11,
        reads = 0,
        delegReads = 0,
        writerDelegation = false,
        pendingReads = 0,
        opens = 0,
        readOpens = 0,
        writeOpens = 0,
        denyReads = 0,
        denyWrites = 0,
        ranges = 0,
        waiting = 0,
        breakers = 0,
        wants = 0,
        coolUntil = 0,
        breakNo = 0,
        revokedUpTo = 0,
        delegRevokedUpTo = 0,
        clearUpTo = 0,
        clearAfter = 0,
        maxToken = 0,
        lockDelayUntil = 0,
        have = "none",
        mayHave = "none",
        holdGen = 0,
        askAfter = 0,
        incarnation = ____exp_incarnation_12,
        fence = false,
        detached = false,
        unbound = ____temp_13,
        semaphore = ____temp_6,
        morePending = false,
        listed = false,
        held = false,
        unconfirmed = false,
        due = 0
    }
    return {key = ref.fileKey, row = row, exp = exp}
end
local function isLocked(____bindingPattern0)
    local semaphore
    local resource
    resource = ____bindingPattern0.resource
    semaphore = ____bindingPattern0.semaphore
    if semaphore ~= nil then
        return semaphore.held > 0
    end
    if resource == nil then
        return false
    end
    for ____, mode in ipairs(modes) do
        if resource.granted[mode] > 0 then
            return true
        end
    end
    return false
end
local function inUse(row, now)
    return wantedHold(row) ~= "none" or row.opens > 0 or row.ranges > 0 or row.waiting > 0 or row.wants > 0 or row.announced ~= nil or isLocked(row) or row.coolUntil > now or row.clearUpTo > 0 or row.voidPending ~= nil or row.lockDelayUntil > now or row.ask ~= nil or row.predecessor ~= nil or row.mayHave ~= "none" or row.locked ~= nil
end
local function nextDue(row, now)
    local due = 0
    if row.breaking ~= nil then
        due = row.breaking.deadline
    end
    if row.ask ~= nil then
        due = earlier(due, row.ask["until"])
    elseif row.askAfter > now then
        due = earlier(due, row.askAfter)
    end
    if row.lockDelayUntil > now then
        due = earlier(due, row.lockDelayUntil)
    end
    if row.locked ~= nil then
        due = earlier(
            due,
            rangesDue(row.locked, now)
        )
    end
    if row.coolUntil > now then
        due = earlier(due, row.coolUntil)
    end
    if row.ending ~= nil or row.morePending or row.clearUpTo > 0 and not row.fence then
        due = earlier(due, now)
    end
    return due
end
function ____exports.standsAlone(file)
    return file.exp["local"] or file.row.unbound == "name" or isName(file.row)
end
local function isUnconfirmed(row)
    return row.ask ~= nil or row.predecessor ~= nil or row.have ~= row.mayHave or row.mayHave ~= wantedHold(row)
end
function ____exports.saveFile(step, file)
    local ____file_14 = file
    local key = ____file_14.key
    local row = ____file_14.row
    local exp = ____file_14.exp
    local used = inUse(row, step.now)
    if row.unbound == "asked" and backed(row) then
        row.unbound = nil
        step.rows:unlink(
            keys.unboundFiles(row.exportName),
            key,
            row.no
        )
        ____exports.opened(step, exp)
    end
    local alone = ____exports.standsAlone(file)
    local held = not alone and (row.mayHave ~= "none" or row.predecessor ~= nil or row.ask ~= nil or row.reclaim ~= nil or row.locked ~= nil or row.waiting > 0 or row.wants > 0 or row.unbound == "asked")
    if held ~= row.held then
        local list = keys.heldFiles(row.exportName)
        if held then
            step.rows:link(list, key, row.no)
        else
            step.rows:unlink(list, key, row.no)
        end
        row.held = held
    end
    local unconfirmed = isUnconfirmed(row)
    if unconfirmed ~= row.unconfirmed then
        exp.unconfirmed = exp.unconfirmed + (unconfirmed and 1 or -1)
        step.rows:put("export", exp.name, exp)
        row.unconfirmed = unconfirmed
    end
    if used ~= row.listed then
        if used then
            enterExport(step, file)
        else
            leaveExport(step, file)
        end
        row.listed = used
    end
    if row.breaking ~= nil and row.breaking.listed ~= true then
        step.rows:link(keys.breaks, key, row.no)
        row.breaking.listed = true
    end
    noteTree(step, file, used)
    setDue(
        step,
        keys.file(key),
        row,
        used and nextDue(row, step.now) or 0
    )
    if used then
        step.rows:put("file", key, row)
    else
        step.rows:del("file", key)
    end
end
function ____exports.usedBy(step, exp, fileId)
    local ____opt_18 = exp.place
    local tree = ____opt_18 and ____opt_18[1]
    if tree == nil then
        return nil
    end
    for ____, ____value in ipairs(step.rows:page(
        keys.sameFile(tree, fileId),
        0,
        endOfList,
        2
    )) do
        local member = ____value.member
        local other = step.rows:get("file", member)
        if other ~= nil and other.exportName ~= exp.name then
            return other.exportName
        end
    end
    return nil
end
function ____exports.countRevoked(step, exp, leases)
    if exp.operation ~= nil then
        ____exports.tally(step, exp.operation, "leasesRevoked", leases)
    end
end
function ____exports.saveShare(step, fileKey, ownerKey, share)
    local id = keys.share(fileKey, ownerKey)
    local empty = share.leaseId == nil and share.opens == 0 and share.wanted == nil
    if empty and share.openId == nil and share.lockId == nil then
        step.rows:del("share", id)
    else
        step.rows:put("share", id, share)
    end
end
function ____exports.ownHold(step, file, who)
    local own = ____exports.ownLease(
        step,
        file,
        ____exports.shareOf(step, file.key, who.ownerKey)
    )
    return own or ____exports.ownDelegation(step, file, who.clientKey)
end
function ____exports.countShare(counts, access, deny, by)
    counts.opens = counts.opens + by
    if access ~= "write" then
        counts.readOpens = counts.readOpens + by
    end
    if access ~= "read" then
        counts.writeOpens = counts.writeOpens + by
    end
    if deny == "read" or deny == "both" then
        counts.denyReads = counts.denyReads + by
    end
    if deny == "write" or deny == "both" then
        counts.denyWrites = counts.denyWrites + by
    end
end
function ____exports.countOpen(step, row, access, deny, by)
    ____exports.countShare(row, access, deny, by)
    count(step, "opens", by)
end
function ____exports.noteGrant(step, file, ownerKey)
    if file.row.waiting == 0 then
        return
    end
    for ____, each in ipairs(step.recheck) do
        if each == ownerKey then
            return
        end
    end
    if #step.rows:page(
        keys.ownerWaits(ownerKey),
        0,
        endOfList,
        1
    ) > 0 then
        local ____step_recheck_28 = step.recheck
        ____step_recheck_28[#____step_recheck_28 + 1] = ownerKey
    end
end
function ____exports.countLease(step, row, id, lease, by)
    if lease.type == "write" then
        count(step, lease.delegation and "delegWrites" or "writes", by)
        row.writer = by == 1 and id or nil
        row.writerDelegation = by == 1 and lease.delegation
    elseif lease.type == "read" then
        count(step, lease.delegation and "delegReads" or "reads", by)
        row.reads = row.reads + by
        if lease.delegation then
            row.delegReads = row.delegReads + by
        end
        if lease.notify == true then
            row.notified = (row.notified or 0) + by
        end
        if row.notified == 0 then
            row.notified = nil
        end
    end
end
function ____exports.needsFence(file)
    return not ____exports.standsAlone(file) and (file.row.predecessor ~= nil or rank(file.row.mayHave) > rank(liveType(file.row)))
end
function ____exports.finishLease(step, id, lease, state, cause)
    local ____step_29 = step
    local rows = ____step_29.rows
    ____exports.endAsks(step, lease)
    leaveTenure(
        step,
        keys.lease(id),
        lease
    )
    if lease.grantNo > 0 then
        rows:unlink(
            keys.grants(lease.fileKey),
            id,
            lease.token
        )
    end
    local share = ____exports.shareOf(step, lease.fileKey, lease.ownerKey)
    if share.leaseId == id then
        share.leaseId = nil
        ____exports.saveShare(step, lease.fileKey, lease.ownerKey, share)
    end
    local kept = lease.delegation and state == "revoked" and (cause ~= "expired" or isCourteous(step, lease.sessionId))
    if not kept then
        ____exports.leaveSession(
            step,
            lease.sessionId,
            keys.lease(id),
            lease.no
        )
    end
    if lease.delegation then
        ____exports.countDelegation(step, lease, -1, kept and (cause == "expired" and "taken" or "revoked") or nil)
    end
    lease.state = state
    lease.cause = cause
    setDue(
        step,
        keys.lease(id),
        lease,
        kept and 0 or step.now + rememberedMs(step, lease)
    )
    rows:put("lease", id, lease)
    ____exports.recordLease(step, id, lease, {kind = state, cause = cause})
end
function ____exports.moveLease(step, id, lease, fileKey)
    if lease.fileKey == fileKey then
        return
    end
    step.rows:unlink(
        keys.fileRows(lease.fileKey),
        keys.lease(id),
        lease.no
    )
    step.rows:link(
        keys.fileRows(fileKey),
        keys.lease(id),
        lease.no
    )
    lease.fileKey = fileKey
    step.rows:put("lease", id, lease)
end
function ____exports.forgetLease(step, id, lease)
    step.rows:unlink(
        "all",
        keys.lease(id),
        lease.no
    )
    step.rows:unlink(
        keys.fileRows(lease.fileKey),
        keys.lease(id),
        lease.no
    )
    setDue(
        step,
        keys.lease(id),
        lease,
        0
    )
    step.rows:del("lease", id)
end
function ____exports.enterLists(step, member, sessionId, fileKey)
    local no = nextSeq(step)
    step.rows:link("all", member, no)
    step.rows:link(
        keys.fileRows(fileKey),
        member,
        no
    )
    step.rows:link(
        keys.sessionRows(sessionId),
        member,
        no
    )
    ____exports.countRow(step, sessionId, 1)
    return no
end
function ____exports.leaveLists(step, member, row)
    step.rows:unlink("all", member, row.no)
    step.rows:unlink(
        keys.fileRows(row.fileKey),
        member,
        row.no
    )
    if row.sessionId ~= "" then
        ____exports.leaveSession(step, row.sessionId, member, row.no)
    end
end
function ____exports.enterSession(step, sessionId, member, no)
    step.rows:link(
        keys.sessionRows(sessionId),
        member,
        no
    )
    ____exports.countRow(step, sessionId, 1)
end
return ____exports
 end,
["libs.locks.src.core.rules.break"] = function(...)
local ____exports = {}
local sparedLease
local keys = require("libs.locks.src.core.keys")
local ____step = require("libs.locks.src.core.step")
local count = ____step.count
local earlier = ____step.earlier
local measure = ____step.measure
local mintToken = ____step.mintToken
local nextSeq = ____step.nextSeq
local record = ____step.record
local wallOf = ____step.wallOf
local ____conflict = require("libs.locks.src.core.rules.conflict")
local rank = ____conflict.rank
local ____matrix = require("libs.locks.src.core.rules.matrix")
local silenceOnBreakToRead = ____matrix.silenceOnBreakToRead
local ____file = require("libs.locks.src.core.rules.file")
local countLease = ____file.countLease
local countRevoked = ____file.countRevoked
local endAsks = ____file.endAsks
local finishLease = ____file.finishLease
local isRevoked = ____file.isRevoked
local recordLease = ____file.recordLease
local needsFence = ____file.needsFence
local ownLease = ____file.ownLease
local shareOf = ____file.shareOf
function ____exports.isAsked(asked, lease)
    if lease.grantNo > asked.upTo or rank(lease.type) <= rank(asked.target) then
        return false
    end
    if asked.delegations == true and not lease.delegation then
        return false
    end
    local ____temp_0
    if asked.only == nil then
        ____temp_0 = lease.ownerKey ~= asked.exempt
    else
        ____temp_0 = lease.ownerKey == asked.only
    end
    return ____temp_0
end
function sparedLease(step, file, ownerKey)
    if ownerKey == nil then
        return nil
    end
    local lease = ownLease(
        step,
        file,
        shareOf(step, file.key, ownerKey)
    )
    return lease ~= nil and lease.state == "active" and lease or nil
end
function ____exports.retoken(step, file, id, lease)
    ____exports.exchangeToken(step, file, id, lease)
    lease.seqid = lease.seqid + 1
    if lease.grantNo == 0 then
        lease.grantNo = lease.token
    end
end
function ____exports.exchangeToken(step, file, id, lease)
    local list = keys.grants(file.key)
    if lease.grantNo > 0 then
        step.rows:unlink(list, id, lease.token)
    end
    lease.token = mintToken(step)
    file.row.maxToken = lease.token
    step.rows:link(list, id, lease.token)
end
function ____exports.isBreaking(row, lease)
    return row.breaking ~= nil and ____exports.isAsked(row.breaking, lease)
end
function ____exports.isTaken(revoked, lease)
    if revoked.delegations == true and not lease.delegation then
        return false
    end
    return lease.grantNo <= revoked.upTo and lease.ownerKey ~= revoked.survivor
end
function ____exports.breakView(step, running, ownerKey)
    local late = running.late == ownerKey
    local deadline = late and running.lateDeadline or running.deadline
    local view = {breakId = running.breakId, target = running.target, cause = running.cause}
    if deadline ~= 0 then
        view.deadlineWall = wallOf(step, deadline)
        view.remainingMs = math.max(0, deadline - step.now)
    end
    return view
end
function ____exports.voidPending(step, file, reason)
    local ____file_1 = file
    local row = ____file_1.row
    row.breakNo = nextSeq(step)
    if row.pendingReads == 0 and row.pendingWriter == nil then
        return
    end
    row.pendingReads = 0
    row.pendingWriter = nil
    row.voidPending = reason
end
local function announce(step, file, running, only, deadline)
    local ____record_14 = record
    local ____step_13 = step
    local ____file_key_4 = file.key
    local ____file_row_exportName_5 = file.row.exportName
    local ____file_row_path_6 = file.row.path
    local ____running_breakId_7 = running.breakId
    local ____running_target_8 = running.target
    local ____running_upTo_9 = running.upTo
    local ____running_cause_10 = running.cause
    local ____temp_2
    if deadline == 0 then
        ____temp_2 = nil
    else
        ____temp_2 = wallOf(step, deadline)
    end
    local ____running_exempt_11 = running.exempt
    local ____only_12 = only
    local ____running_delegations_3
    if running.delegations then
        ____running_delegations_3 = true
    else
        ____running_delegations_3 = nil
    end
    ____record_14(____step_13, {
        kind = "break",
        fileKey = ____file_key_4,
        exportName = ____file_row_exportName_5,
        path = ____file_row_path_6,
        breakId = ____running_breakId_7,
        target = ____running_target_8,
        upTo = ____running_upTo_9,
        cause = ____running_cause_10,
        deadlineWall = ____temp_2,
        exempt = ____running_exempt_11,
        only = ____only_12,
        delegations = ____running_delegations_3
    })
end
local shortenedMs = 500
function ____exports.startBreak(step, file, target, cause, exempt, enforced, delegations)
    local ____file_15 = file
    local row = ____file_15.row
    local exp = ____file_15.exp
    local own = exp.breakMs == 0 and 0 or step.now + exp.breakMs
    local running = row.breaking
    local wider = running ~= nil and running.delegations and not delegations
    if running == nil or wider or rank(target) < rank(running.target) then
        local limit = running == nil and enforced or earlier(running.enforced, enforced)
        ____exports.voidPending(step, file, "open_conflict")
        local ____temp_18 = "b" .. step.rows:digits(row.breakNo)
        local ____step_meta_token_19 = step.meta.token
        local ____temp_20 = running ~= nil and running.target == "none" and "none" or target
        local ____earlier_result_21 = earlier(own, limit)
        local ____cause_22 = cause
        local ____exempt_23 = exempt
        local ____temp_24 = delegations and (running == nil or running.delegations)
        local ____temp_25 = running == nil and step.now or running.since
        local ____temp_16
        if running == nil then
            ____temp_16 = nil
        else
            ____temp_16 = running.forced
        end
        local ____temp_17
        if running == nil then
            ____temp_17 = nil
        else
            ____temp_17 = running.listed
        end
        local begun = {
            breakId = ____temp_18,
            upTo = ____step_meta_token_19,
            target = ____temp_20,
            deadline = ____earlier_result_21,
            cause = ____cause_22,
            exempt = ____exempt_23,
            enforced = limit,
            lateDeadline = 0,
            delegations = ____temp_24,
            since = ____temp_25,
            forced = ____temp_16,
            listed = ____temp_17
        }
        if running == nil then
            count(step, "breaks", 1)
        end
        row.breaking = begun
        if row.delegReads > 0 or row.writerDelegation then
            row.coolUntil = math.max(row.coolUntil, step.now + step.meta.limits.coolMs)
        end
        announce(
            step,
            file,
            begun,
            nil,
            begun.deadline
        )
        return
    end
    if enforced ~= 0 then
        local before = running.deadline
        running.enforced = earlier(running.enforced, enforced)
        running.deadline = earlier(running.deadline, enforced)
        if running.late ~= nil then
            running.lateDeadline = earlier(running.lateDeadline, enforced)
        end
        if before == 0 or before - running.deadline > shortenedMs then
            announce(
                step,
                file,
                running,
                nil,
                running.deadline
            )
        end
    end
    if running.exempt == exempt then
        return
    end
    local spared = sparedLease(step, file, running.exempt)
    if spared ~= nil and rank(spared.type) > rank(target) and (spared.delegation or not delegations) then
        running.late = running.exempt
        running.lateDeadline = earlier(own, running.enforced)
        running.exempt = nil
        announce(
            step,
            file,
            running,
            running.late,
            running.lateDeadline
        )
    end
end
local function endBreak(step, file)
    local ____file_26 = file
    local row = ____file_26.row
    local running = row.breaking
    if running == nil then
        return
    end
    local above = row.writer == nil and 0 or 1
    if running.target == "none" then
        above = above + (running.delegations and row.delegReads or row.reads)
    end
    local spared = sparedLease(step, file, running.exempt)
    if spared ~= nil and (spared.delegation or not running.delegations) then
        above = above - 1
    end
    if above > 0 then
        return
    end
    row.breaking = nil
    if running.listed == true then
        step.rows:unlink(keys.breaks, file.key, row.no)
    end
    count(step, "breaks", -1)
    local since = running.since
    if since == nil then
        since = step.now
    end
    local forced = running.forced
    if forced == nil then
        forced = "answered"
    end
    measure(step, {what = "break", outcome = forced, ms = step.now - since})
end
function ____exports.noteForced(row, cause)
    if row.breaking ~= nil then
        row.breaking.forced = cause
    end
end
function ____exports.downgrade(step, file, id, lease, cause)
    local ____file_27 = file
    local row = ____file_27.row
    countLease(
        step,
        row,
        id,
        lease,
        -1
    )
    endAsks(step, lease)
    lease.type = "read"
    countLease(
        step,
        row,
        id,
        lease,
        1
    )
    ____exports.retoken(step, file, id, lease)
    step.rows:put("lease", id, lease)
    recordLease(step, id, lease, {kind = "downgraded", cause = cause})
end
function ____exports.revokeAll(step, file, survivorKey, cause, delegations)
    local ____file_28 = file
    local row = ____file_28.row
    local spared = sparedLease(step, file, survivorKey)
    local survivor = spared ~= nil and (spared.delegation or not delegations) and spared or nil
    local ____temp_29
    if survivor == nil then
        ____temp_29 = nil
    else
        ____temp_29 = shareOf(step, file.key, survivor.ownerKey).leaseId
    end
    local survivorId = ____temp_29
    local writers = row.writer == nil and 0 or 1
    local readers = delegations and row.delegReads or row.reads
    if readers + writers <= (survivor == nil and 0 or 1) then
        return
    end
    local upTo = step.meta.token
    row.delegRevokedUpTo = upTo
    if not delegations then
        row.revokedUpTo = upTo
    end
    row.clearUpTo = upTo
    row.clearAfter = 0
    row.clearCause = cause
    row.maxToken = mintToken(step)
    ____exports.noteForced(row, cause)
    count(step, "reads", row.delegReads - readers)
    count(step, "delegReads", -row.delegReads)
    count(step, row.writerDelegation and "delegWrites" or "writes", -writers)
    row.reads = row.reads - readers
    row.delegReads = 0
    row.notified = nil
    row.writer = nil
    row.writerDelegation = false
    if survivor ~= nil and survivorId ~= nil then
        survivor.grantNo = mintToken(step)
        countLease(
            step,
            row,
            survivorId,
            survivor,
            1
        )
        step.rows:put("lease", survivorId, survivor)
    end
    ____exports.voidPending(step, file, "lease_conflict")
    row.fence = needsFence(file)
    countRevoked(step, file.exp, readers + writers - (survivor == nil and 0 or 1))
    local ____record_39 = record
    local ____step_38 = step
    local ____file_key_33 = file.key
    local ____row_exportName_34 = row.exportName
    local ____row_path_35 = row.path
    local ____upTo_36 = upTo
    local ____temp_30
    if survivor == nil then
        ____temp_30 = nil
    else
        ____temp_30 = survivor.ownerKey
    end
    local ____temp_31
    if survivor == nil then
        ____temp_31 = nil
    else
        ____temp_31 = survivor.grantNo
    end
    local ____cause_37 = cause
    local ____delegations_32
    if delegations then
        ____delegations_32 = true
    else
        ____delegations_32 = nil
    end
    ____record_39(____step_38, {
        kind = "revoked",
        fileKey = ____file_key_33,
        exportName = ____row_exportName_34,
        path = ____row_path_35,
        upTo = ____upTo_36,
        survivor = ____temp_30,
        survivorGrantNo = ____temp_31,
        cause = ____cause_37,
        delegations = ____delegations_32
    })
end
function ____exports.force(step, file, target, survivorKey, cause, delegations)
    local ____file_40 = file
    local row = ____file_40.row
    if target == "none" then
        ____exports.revokeAll(
            step,
            file,
            survivorKey,
            cause,
            delegations
        )
        return
    end
    if row.writer == nil then
        return
    end
    if silenceOnBreakToRead[row.writerDelegation and "delegationWrite" or "leaseWrite"] == "revoked" then
        ____exports.revokeAll(
            step,
            file,
            survivorKey,
            cause,
            true
        )
        return
    end
    local lease = step.rows:get("lease", row.writer)
    if lease == nil then
        return
    end
    ____exports.noteForced(row, cause)
    ____exports.downgrade(
        step,
        file,
        row.writer,
        lease,
        cause
    )
end
local function lapse(step, file)
    local ____file_41 = file
    local row = ____file_41.row
    local running = row.breaking
    if running == nil or running.deadline == 0 or step.now < running.deadline then
        return
    end
    local late = running.late
    local lateRuns = step.now < running.lateDeadline
    local ____lateRuns_42
    if lateRuns then
        ____lateRuns_42 = late
    else
        ____lateRuns_42 = running.exempt
    end
    local spared = ____lateRuns_42
    ____exports.force(
        step,
        file,
        running.target,
        spared,
        "deadline",
        running.delegations
    )
    local lateLease = sparedLease(step, file, late)
    if lateLease == nil then
        return
    end
    running.upTo = lateLease.grantNo
    running.deadline = running.lateDeadline
    running.late = nil
    running.lateDeadline = 0
end
function ____exports.freshen(step, file)
    lapse(step, file)
    endBreak(step, file)
end
____exports.clearPerStep = 64
function ____exports.clearRevoked(step, file)
    local ____file_43 = file
    local row = ____file_43.row
    if row.clearUpTo == 0 or row.fence or step.budget <= 0 then
        return
    end
    local page = step.rows:page(
        keys.grants(file.key),
        row.clearAfter,
        row.clearUpTo,
        ____exports.clearPerStep
    )
    for ____, entry in ipairs(page) do
        local lease = step.rows:get("lease", entry.member)
        if lease ~= nil and isRevoked(row, lease) then
            finishLease(
                step,
                entry.member,
                lease,
                "revoked",
                row.clearCause or "deadline"
            )
        end
        row.clearAfter = entry.score
    end
    step.budget = step.budget - #page
    if #page < ____exports.clearPerStep then
        row.clearUpTo = 0
    end
end
return ____exports
 end,
["libs.locks.src.core.rules.hold"] = function(...)
local ____exports = {}
local countPending, decidePending, fearNobody, send, unanswered, reclaimed, askAgainMs
local keys = require("libs.locks.src.core.keys")
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local mintToken = ____step.mintToken
local record = ____step.record
local setDue = ____step.setDue
local ____break = require("libs.locks.src.core.rules.break")
local clearPerStep = ____break.clearPerStep
local force = ____break.force
local retoken = ____break.retoken
local revokeAll = ____break.revokeAll
local voidPending = ____break.voidPending
local ____conflict = require("libs.locks.src.core.rules.conflict")
local liveType = ____conflict.liveType
local rank = ____conflict.rank
local stronger = ____conflict.stronger
local wantedHold = ____conflict.wantedHold
local weaker = ____conflict.weaker
local ____file = require("libs.locks.src.core.rules.file")
local countDelegation = ____file.countDelegation
local countLease = ____file.countLease
local forgetLease = ____file.forgetLease
local recordLease = ____file.recordLease
local leaveSession = ____file.leaveSession
local needsFence = ____file.needsFence
local noteGrant = ____file.noteGrant
local saveShare = ____file.saveShare
local shareOf = ____file.shareOf
local standsAlone = ____file.standsAlone
local ____tenure = require("libs.locks.src.core.rules.tenure")
local beginTenure = ____tenure.beginTenure
function ____exports.grant(step, file, id, lease, ____type, turn)
    local ____file_1 = file
    local row = ____file_1.row
    local waitNo = lease.turnNo
    lease.turnNo = nil
    countLease(
        step,
        row,
        id,
        lease,
        -1
    )
    lease.type = ____type
    countLease(
        step,
        row,
        id,
        lease,
        1
    )
    lease.state = "active"
    setDue(
        step,
        keys.lease(id),
        lease,
        0
    )
    if not lease.delegation then
        beginTenure(
            step,
            file.exp,
            keys.lease(id),
            lease
        )
    end
    retoken(step, file, id, lease)
    step.rows:put("lease", id, lease)
    noteGrant(step, file, lease.ownerKey)
    recordLease(step, id, lease, {kind = "granted", turn = turn, waitNo = waitNo})
end
function countPending(row, id, ____type, by)
    if ____type == "write" then
        row.pendingWriter = by == 1 and id or nil
    else
        row.pendingReads = row.pendingReads + by
    end
end
function ____exports.unintend(step, file, id, lease)
    if lease.pendingType == nil then
        return
    end
    step.rows:unlink(
        keys.intents(file.key),
        id,
        lease.no
    )
    if lease.pendingBreakNo == file.row.breakNo then
        countPending(file.row, id, lease.pendingType, -1)
    end
    lease.pendingType = nil
end
function ____exports.undo(step, file, id, lease, reason)
    local waitNo = lease.turnNo
    lease.turnNo = nil
    ____exports.unintend(step, file, id, lease)
    if lease.state == "pending" then
        local share = shareOf(step, file.key, lease.ownerKey)
        share.leaseId = nil
        saveShare(step, file.key, lease.ownerKey, share)
        if lease.delegation then
            countDelegation(step, lease, -1, nil)
        end
        if lease.once then
            leaveSession(
                step,
                lease.sessionId,
                keys.lease(id),
                lease.no
            )
            forgetLease(step, id, lease)
        else
            lease.state = "allocated"
            setDue(
                step,
                keys.lease(id),
                lease,
                step.now + step.meta.limits.unusedMs
            )
            step.rows:put("lease", id, lease)
        end
    else
        step.rows:put("lease", id, lease)
    end
    recordLease(step, id, lease, {kind = "undone", reason = reason, waitNo = waitNo})
end
function decidePending(step, file, refusal)
    local ____file_2 = file
    local row = ____file_2.row
    row.morePending = false
    if row.voidPending == nil and row.pendingReads == 0 and row.pendingWriter == nil then
        return
    end
    local still = row.ask == nil and row.fsBreak == nil
    local covered = still and row.have or "none"
    if row.voidPending == nil and covered == "none" and refusal == nil then
        return
    end
    local decided = 0
    local page = step.rows:page(
        keys.intents(file.key),
        0,
        endOfList,
        clearPerStep
    )
    for ____, entry in ipairs(page) do
        do
            local __continue25
            repeat
                local lease = step.rows:get("lease", entry.member)
                if lease == nil or lease.pendingType == nil or lease.pendingType == "none" then
                    __continue25 = true
                    break
                end
                local ____type = lease.pendingType
                if lease.pendingBreakNo ~= row.breakNo then
                    ____exports.undo(
                        step,
                        file,
                        entry.member,
                        lease,
                        row.voidPending or "cancelled"
                    )
                elseif rank(covered) >= rank(____type) then
                    ____exports.unintend(step, file, entry.member, lease)
                    ____exports.grant(
                        step,
                        file,
                        entry.member,
                        lease,
                        ____type,
                        true
                    )
                elseif refusal ~= nil then
                    ____exports.undo(
                        step,
                        file,
                        entry.member,
                        lease,
                        refusal
                    )
                else
                    __continue25 = true
                    break
                end
                decided = decided + 1
                __continue25 = true
            until true
            if not __continue25 then
                break
            end
        end
    end
    row.morePending = #page == clearPerStep and decided > 0
    if #page < clearPerStep then
        row.voidPending = nil
    elseif refusal ~= nil then
        voidPending(step, file, refusal)
    end
end
function fearNobody(row)
    row.predecessor = nil
    row.morePredecessors = nil
end
function send(step, file, goal, gen)
    local ____file_8 = file
    local row = ____file_8.row
    local exp = ____file_8.exp
    local ____step_asks_9 = step.asks
    ____step_asks_9[#____step_asks_9 + 1] = {
        fileKey = file.key,
        exportName = row.exportName,
        path = row.path,
        fileId = row.fileId,
        type = goal,
        holdGen = gen,
        incarnation = row.incarnation,
        endpoint = exp.endpoint
    }
end
function unanswered(step, file, reason)
    local ____file_10 = file
    local row = ____file_10.row
    row.ask = nil
    row.askAfter = step.now + askAgainMs
    decidePending(step, file, reason)
    if row.unbound == "asked" then
        force(
            step,
            file,
            "none",
            nil,
            reason,
            false
        )
    end
end
function ____exports.lostHold(step, file, cause)
    local ____file_row_13 = file.row
    local have = ____file_row_13.have
    if have ~= "write" then
        force(
            step,
            file,
            have,
            nil,
            cause,
            false
        )
    end
end
function reclaimed(step, file, cookie)
    local ____file_14 = file
    local row = ____file_14.row
    local proven = row.have ~= "none" and cookie == row.reclaim
    row.reclaim = nil
    if not proven then
        revokeAll(
            step,
            file,
            nil,
            "fileserver_lost",
            false
        )
        return
    end
    fearNobody(row)
    record(step, {kind = "reclaimed", fileKey = file.key, exportName = row.exportName, path = row.path})
end
askAgainMs = 1000
function ____exports.mayAsk(exp)
    return exp.state == "up" and exp.reported
end
function ____exports.isVacant(exp)
    return exp.state == "none"
end
function ____exports.holdSuffices(file, ____type)
    if standsAlone(file) then
        return true
    end
    local ____file_0 = file
    local row = ____file_0.row
    return rank(row.have) >= rank(____type) and row.ask == nil and row.fsBreak == nil
end
function ____exports.intend(step, file, id, lease, ____type)
    if lease.state == "allocated" then
        lease.state = "pending"
    end
    lease.pendingType = ____type
    lease.pendingBreakNo = file.row.breakNo
    setDue(
        step,
        keys.lease(id),
        lease,
        0
    )
    step.rows:link(
        keys.intents(file.key),
        id,
        lease.no
    )
    step.rows:put("lease", id, lease)
    countPending(file.row, id, ____type, 1)
end
function ____exports.commitPending(step, file)
    decidePending(step, file, nil)
end
local function adopt(step, file)
    local ____file_3 = file
    local row = ____file_3.row
    local exp = ____file_3.exp
    if row.mayHave ~= "none" then
        local others = {}
        if row.predecessor ~= nil then
            others[#others + 1] = row.predecessor
        end
        for ____, each in ipairs(row.morePredecessors or ({})) do
            others[#others + 1] = each
        end
        row.predecessor = row.incarnation
        row.morePredecessors = #others > 0 and others or nil
    end
    row.incarnation = exp.incarnation
    row.ask = nil
    row.fsBreak = nil
    row.askAfter = 0
    row.have = "none"
    row.mayHave = "none"
    voidPending(step, file, "no_backend")
    local cause = ____exports.isVacant(exp) and "fileserver_stopped" or "fileserver_lost"
    if row.writer ~= nil then
        revokeAll(
            step,
            file,
            nil,
            cause,
            false
        )
    else
        row.reclaim = row.cookie or ""
    end
end
local function isPredecessor(exp, incarnation)
    for ____, predecessor in ipairs(exp.predecessors or ({})) do
        if predecessor.incarnation == incarnation then
            return true
        end
    end
    return false
end
local function dropDead(file)
    local ____file_4 = file
    local row = ____file_4.row
    local exp = ____file_4.exp
    if row.predecessor == nil then
        return
    end
    local left = isPredecessor(exp, row.predecessor) and row.predecessor or nil
    local others = {}
    for ____, each in ipairs(row.morePredecessors or ({})) do
        do
            local __continue49
            repeat
                if not isPredecessor(exp, each) then
                    __continue49 = true
                    break
                end
                if left == nil then
                    left = each
                else
                    others[#others + 1] = each
                end
                __continue49 = true
            until true
            if not __continue49 then
                break
            end
        end
    end
    row.predecessor = left
    row.morePredecessors = #others > 0 and others or nil
end
function ____exports.followAdapter(step, file)
    local ____file_5 = file
    local row = ____file_5.row
    local exp = ____file_5.exp
    if standsAlone(file) then
        return
    end
    if row.incarnation ~= exp.incarnation and (____exports.mayAsk(exp) or ____exports.isVacant(exp)) then
        adopt(step, file)
    end
    dropDead(file)
    if row.predecessor ~= nil and row.reads == 0 then
        row.fence = true
    end
    row.fence = row.fence and needsFence(file)
end
function ____exports.syncHold(step, file)
    local ____file_6 = file
    local row = ____file_6.row
    local exp = ____file_6.exp
    if standsAlone(file) then
        row.have = wantedHold(row)
        row.mayHave = row.have
        return
    end
    if row.reads == 0 then
        row.reclaim = nil
    end
    if row.ask ~= nil then
        if step.now < row.ask["until"] then
            return
        end
        unanswered(step, file, "fileserver_timeout")
    end
    if not ____exports.mayAsk(exp) then
        decidePending(step, file, "no_backend")
    end
    local live = liveType(row)
    local goal = wantedHold(row)
    if row.fsBreak ~= nil then
        if rank(live) > rank(row.fsBreak.target) then
            return
        end
        goal = live
    elseif row.have == goal and row.mayHave == goal then
        return
    end
    if not ____exports.mayAsk(exp) or step.now < row.askAfter then
        return
    end
    local gen = mintToken(step)
    row.ask = {gen = gen, type = goal, ["until"] = step.now + step.meta.limits.askMs}
    row.mayHave = stronger(row.mayHave, goal)
    row.have = weaker(row.have, goal)
    send(step, file, goal, gen)
end
function ____exports.releaseUnfenced(step, file)
    local ____file_7 = file
    local row = ____file_7.row
    local exp = ____file_7.exp
    fearNobody(row)
    if row.locked ~= nil then
        row.locked.ask = nil
        row.locked.stale = true
        if not ____exports.mayAsk(exp) and row.ranges == 0 then
            row.locked = nil
        end
    end
    row.ask = nil
    row.fsBreak = nil
    row.mayHave = weaker(
        row.mayHave,
        liveType(row)
    )
    row.have = weaker(row.have, row.mayHave)
    voidPending(step, file, "cancelled")
    if not standsAlone(file) and ____exports.mayAsk(exp) then
        send(
            step,
            file,
            row.mayHave,
            mintToken(step)
        )
    end
end
function ____exports.answered(step, file, input)
    local ____file_11 = file
    local row = ____file_11.row
    local ____row_12 = row
    local ask = ____row_12.ask
    if ask == nil or ask.gen ~= input.holdGen then
        return false
    end
    if input.reason == "incarnation_superseded" then
        unanswered(step, file, "no_backend")
        return true
    end
    if input.have == nil then
        unanswered(step, file, input.failed or "fileserver_timeout")
        return true
    end
    local have = ask.lost == nil and input.have or weaker(ask.lost, input.have)
    row.ask = nil
    row.have = have
    row.mayHave = have
    row.holdGen = ask.gen
    if input.inode ~= nil then
        row.inode = input.inode
    end
    local short = rank(have) < rank(ask.type)
    row.askAfter = have == ask.type and 0 or step.now + askAgainMs
    if row.fsBreak ~= nil and rank(have) <= rank(row.fsBreak.target) then
        row.fsBreak = nil
    end
    if row.reclaim ~= nil then
        reclaimed(step, file, input.cookie)
    else
        ____exports.lostHold(step, file, "fileserver")
    end
    if have ~= "none" and input.cookie ~= nil then
        row.cookie = input.cookie
    elseif have == "none" then
        row.cookie = nil
    end
    decidePending(step, file, short and (input.reason or "fileserver_refused") or nil)
    return true
end
return ____exports
 end,
["libs.locks.src.core.rules.admission"] = function(...)
local ____exports = {}
local isHome, enterFirst
local keys = require("libs.locks.src.core.keys")
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local ____file = require("libs.locks.src.core.rules.file")
local loadFile = ____file.loadFile
local usedBy = ____file.usedBy
local ____courtesy = require("libs.locks.src.core.rules.courtesy")
local comeBack = ____courtesy.comeBack
local heldUntil = ____courtesy.heldUntil
local ____grace = require("libs.locks.src.core.rules.grace")
local inGrace = ____grace.inGrace
local mayReclaimIn = ____grace.mayReclaimIn
local neverHeld = ____grace.neverHeld
local settleGrace = ____grace.settleGrace
local wasThere = ____grace.wasThere
local ____hold = require("libs.locks.src.core.rules.hold")
local mayAsk = ____hold.mayAsk
local ____quota = require("libs.locks.src.core.rules.quota")
local rowsOver = ____quota.rowsOver
local ____surplus = require("libs.locks.src.core.rules.surplus")
local makeRoom = ____surplus.makeRoom
function isHome(____bindingPattern0)
    local meta
    meta = ____bindingPattern0.meta
    return (meta.shard or 0) == 0
end
function enterFirst(sessionId)
    return {refused = {reason = "enter_first", enters = sessionId}}
end
function ____exports.gateClient(step, sessionId, digest)
    local session = step.rows:get("session", sessionId)
    if session == nil then
        return isHome(step) and refuse("no_such_session") or enterFirst(sessionId)
    end
    local isGuest = session.guest == true
    local isOpen = session.state == "live" or session.state == "courtesy" and digest == nil
    if isGuest and not isOpen then
        return enterFirst(sessionId)
    end
    if digest ~= nil and session.digest ~= digest then
        return {refused = {reason = "not_holder"}}
    end
    if isGuest then
        return nil
    end
    local isOver = session.state ~= "live" or session.expires <= step.now
    local returns = session.state == "live" or session.state == "courtesy"
    if isOver and returns and heldUntil(session) > step.now then
        if digest ~= nil then
            comeBack(step, sessionId, session)
        end
        return nil
    end
    return isOver and ({refused = {reason = "session_expired"}}) or nil
end
function ____exports.gate(step, sessionId, digest)
    local refused = ____exports.gateClient(step, sessionId, digest)
    if refused ~= nil then
        return refused
    end
    local ____opt_0 = step.rows:get("session", sessionId)
    return (____opt_0 and ____opt_0.unconfirmed) == true and refuse("client_unconfirmed") or nil
end
function ____exports.roomFor(step, sessionId, n)
    local session = step.rows:get("session", sessionId)
    if session == nil then
        return {refused = {reason = "no_such_session"}}
    end
    makeRoom(step, sessionId, n)
    if session.rows + n > step.meta.limits.sessionLocksMax then
        return {refused = {reason = "session_locks_max"}}
    end
    return rowsOver(step, sessionId, n)
end
function ____exports.pidOf(step, sessionId)
    local session = step.rows:get("session", sessionId)
    return session == nil and 0 or session.pid
end
function ____exports.claim(step, sessionId, reclaim, exportName)
    local session = step.rows:get("session", sessionId)
    local isClient = (session and session.client) ~= nil
    if not inGrace(step) then
        local ____temp_4
        if step.meta.graces == nil then
            ____temp_4 = nil
        else
            ____temp_4 = step.rows:get("export", exportName)
        end
        local exp = ____temp_4
        local left = exp == nil and 0 or settleGrace(step, exp)
        if exp ~= nil and left > 0 then
            if reclaim ~= true then
                return {refused = {reason = "grace", retryAfterMs = left}}
            end
            local may = session ~= nil and mayReclaimIn(step, exp, sessionId, session)
            local ____may_5
            if may then
                ____may_5 = nil
            else
                ____may_5 = refuse("no_grace")
            end
            return ____may_5
        end
        if reclaim == true then
            return refuse("no_grace")
        end
        return isClient and session.complete ~= true and refuse("reclaims_incomplete") or nil
    end
    if reclaim ~= true then
        local left = step.meta.graceUntil - step.now
        return {refused = {
            reason = "grace",
            retryAfterMs = step.meta.unheard == nil and left or math.min(left, 500)
        }}
    end
    local done = session ~= nil and session.reclaimedIn == step.meta.graceNo
    local there = session == nil or wasThere(step, session)
    return (done or not there) and refuse("no_grace") or nil
end
function ____exports.notMissing(step, sessionId, ____bindingPattern0)
    local row
    local exp
    exp = ____bindingPattern0.exp
    row = ____bindingPattern0.row
    return ____exports.claim(step, sessionId, true, row.exportName) or neverHeld(step, true, exp)
end
function ____exports.holdTooLong(exp, maxHoldMs)
    local ____opt_6 = exp.own
    local allowed = ____opt_6 and ____opt_6.maxHoldMs
    if allowed == nil or maxHoldMs == nil or maxHoldMs <= allowed then
        return nil
    end
    return {refused = {reason = "hold_too_long", allowed = allowed}}
end
function ____exports.byName(exp)
    return not exp["local"] and exp.opening ~= true and not mayAsk(exp) and exp.policy == "local" and exp.bound == 0
end
local function hasUnbound(step, exp)
    return exp.withoutBackend ~= nil and #step.rows:page(
        keys.unboundFiles(exp.name),
        0,
        endOfList,
        1
    ) > 0
end
local function livesIn(step, sessionId, region)
    local session = step.rows:get("session", sessionId)
    if (session and session.bound) ~= true or session.node == nil then
        return false
    end
    local node = step.rows:get("node", session.node)
    return (node and node.region) == region and node.state == "up"
end
function ____exports.turnedAway(step, ref, sessionId)
    local exp = step.rows:get("export", ref.exportName)
    if exp == nil then
        return refuse("no_such_export")
    end
    if exp.stopped == true then
        return refuse("export_stopped")
    end
    if exp.operation ~= nil then
        return refuse("export_stopping")
    end
    if exp.region ~= nil and not livesIn(step, sessionId, exp.region) then
        return refuse("node_required")
    end
    if ref.exportNo ~= nil and ref.exportNo ~= exp.no then
        return refuse("resolve_again")
    end
    if exp["local"] or ref.resource == true or ref.semaphore ~= nil then
        return nil
    end
    local ____temp_12
    if ref.placeholder == true then
        ____temp_12 = ____exports.byName(exp)
    else
        ____temp_12 = not ____exports.byName(exp) and not hasUnbound(step, exp)
    end
    local fits = ____temp_12
    if not fits and loadFile(step, ref.fileKey) == nil then
        return refuse("resolve_again")
    end
    local ____temp_13
    if ref.placeholder == true then
        ____temp_13 = nil
    else
        ____temp_13 = usedBy(step, exp, ref.fileId)
    end
    local other = ____temp_13
    local ____temp_14
    if other == nil then
        ____temp_14 = nil
    else
        ____temp_14 = {refused = {reason = "file_in_other_export", usedBy = other}}
    end
    return ____temp_14
end
function ____exports.exportFor(step, ref, request, rows)
    local named = step.rows:get("export", ref.exportName)
    local ____temp_16 = ____exports.turnedAway(step, ref, request.sessionId) or ____exports.claim(step, request.sessionId, request.reclaim, ref.exportName)
    if ____temp_16 == nil then
        local ____temp_15
        if ref.resource == true or ref.semaphore ~= nil then
            ____temp_15 = neverHeld(step, request.reclaim, named)
        else
            ____temp_15 = nil
        end
        ____temp_16 = ____temp_15
    end
    local ____temp_16_18 = ____temp_16
    if ____temp_16_18 == nil then
        local ____temp_17
        if rows == 0 then
            ____temp_17 = nil
        else
            ____temp_17 = ____exports.roomFor(step, request.sessionId, rows)
        end
        ____temp_16_18 = ____temp_17
    end
    local refused = ____temp_16_18
    local exp = step.rows:get("export", ref.exportName)
    if refused ~= nil or exp == nil then
        return {refused = refused or refuse("no_such_export")}
    end
    return {exp = exp}
end
return ____exports
 end,
["libs.locks.src.core.rules.client"] = function(...)
local ____exports = {}
function ____exports.clientOf(step, key)
    return step.rows:get("client", key) or ({})
end
function ____exports.saveClient(step, key, row)
    local ____row_0 = row
    local confirmed = ____row_0.confirmed
    local unconfirmed = ____row_0.unconfirmed
    local ending = ____row_0.ending
    if confirmed == nil and unconfirmed == nil and ending == nil then
        step.rows:del("client", key)
    else
        step.rows:put("client", key, row)
    end
end
function ____exports.leaveClient(step, id, ____bindingPattern0)
    local key
    key = ____bindingPattern0.client
    local ____temp_1
    if key == nil then
        ____temp_1 = nil
    else
        ____temp_1 = step.rows:get("client", key)
    end
    local row = ____temp_1
    if row == nil or key == nil then
        return
    end
    if row.confirmed == id then
        row.confirmed = nil
    end
    if row.unconfirmed == id then
        row.unconfirmed = nil
    end
    if row.ending == id then
        row.ending = nil
    end
    ____exports.saveClient(step, key, row)
end
return ____exports
 end,
["libs.locks.src.core.lives"] = function(...)
local ____exports = {}
local ____step = require("libs.locks.src.core.step")
local mintToken = ____step.mintToken
local raiseEpoch = ____step.raiseEpoch
local livesMax = 32
local function livesOf(step)
    local ____step_meta_0 = step.meta
    local lives = ____step_meta_0.lives
    local identity = ____step_meta_0.identity
    local epoch = ____step_meta_0.epoch
    if lives ~= nil or identity == "" then
        return lives or ({})
    end
    return {{epoch = epoch, from = 0}}
end
function ____exports.beginLife(step, above, salt)
    local ____step_1 = step
    local meta = ____step_1.meta
    local lives = {}
    local known = livesOf(step)
    local left = #known
    for ____, life in ipairs(known) do
        if left < livesMax then
            lives[#lives + 1] = life
        end
        left = left - 1
    end
    local ____meta_2 = meta
    local token = ____meta_2.token
    local seq = ____meta_2.seq
    raiseEpoch(step, above, salt)
    lives[#lives + 1] = {epoch = meta.epoch, from = meta.records, token = token, seq = seq}
    meta.lives = lives
end
function ____exports.beginAnew(step, above, salt)
    ____exports.beginLife(step, above, salt)
    step.meta.restoredIn = step.meta.epoch
    step.meta.lostUpTo = mintToken(step)
end
function ____exports.isOfThisLife(step, token)
    return token > (step.meta.lostUpTo or 0)
end
function ____exports.hasLived(step, epoch)
    for ____, life in ipairs(livesOf(step)) do
        if life.epoch == epoch then
            return true
        end
    end
    return false
end
function ____exports.hasReached(step, place)
    local found = false
    for ____, life in ipairs(livesOf(step)) do
        do
            local __continue15
            repeat
                if found then
                    return place.no <= life.from
                end
                if life.epoch ~= place.epoch then
                    __continue15 = true
                    break
                end
                if place.no < life.from then
                    return false
                end
                found = true
                __continue15 = true
            until true
            if not __continue15 then
                break
            end
        end
    end
    return found and place.no <= step.meta.records
end
function ____exports.hasMinted(step, epoch, token, seq)
    local found = false
    for ____, life in ipairs(livesOf(step)) do
        if found then
            return token <= (life.token or token) and seq <= (life.seq or seq)
        end
        found = life.epoch == epoch
    end
    return token <= step.meta.token and seq <= step.meta.seq
end
function ____exports.leadsOnFrom(step, place)
    local ____step_meta_3 = step.meta
    local restoredIn = ____step_meta_3.restoredIn
    local since = restoredIn == nil
    for ____, life in ipairs(livesOf(step)) do
        if life.epoch == restoredIn then
            since = true
        end
        if life.epoch == place.epoch then
            return since and ____exports.hasReached(step, place)
        end
    end
    return false
end
function ____exports.noteGone(step, epoch)
    local ____step_4 = step
    local meta = ____step_4.meta
    local gone = {epoch}
    for ____, each in ipairs(meta.gone or ({})) do
        if each == epoch then
            return false
        end
        if #gone < livesMax then
            gone[#gone + 1] = each
        end
    end
    meta.gone = gone
    return true
end
return ____exports
 end,
["libs.locks.src.core.rules.grant"] = function(...)
local ____exports = {}
local leaseOfSession, opensOfSession, ownSearched
local keys = require("libs.locks.src.core.keys")
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local ____conflict = require("libs.locks.src.core.rules.conflict")
local leaseAsk = ____conflict.leaseAsk
local leaseRefusal = ____conflict.leaseRefusal
local ____file = require("libs.locks.src.core.rules.file")
local countShare = ____file.countShare
local enterLists = ____file.enterLists
local ownDelegation = ____file.ownDelegation
local ownLease = ____file.ownLease
local saveShare = ____file.saveShare
local shareOf = ____file.shareOf
local standsAlone = ____file.standsAlone
local ____hold = require("libs.locks.src.core.rules.hold")
local grant = ____hold.grant
local holdSuffices = ____hold.holdSuffices
local intend = ____hold.intend
local mayAsk = ____hold.mayAsk
function leaseOfSession(step, file, sessionId)
    local ____file_0 = file
    local row = ____file_0.row
    local writer = row.writer ~= nil and not row.writerDelegation
    if row.reads == row.delegReads and not writer and row.pendingReads == 0 and row.pendingWriter == nil then
        return nil
    end
    for ____, list in ipairs({
        keys.grants(file.key),
        keys.intents(file.key)
    }) do
        local page = step.rows:page(list, 0, endOfList, ownSearched)
        for ____, entry in ipairs(page) do
            do
                local __continue11
                repeat
                    local lease = step.rows:get("lease", entry.member)
                    if lease == nil or lease.delegation or lease.sessionId ~= sessionId then
                        __continue11 = true
                        break
                    end
                    return {reason = "owner_has_lease", leaseId = entry.member}
                until true
                if not __continue11 then
                    break
                end
            end
        end
        if #page == ownSearched then
            return {reason = "lease_conflict"}
        end
    end
    return nil
end
function opensOfSession(step, file, sessionId, ____type)
    local ____file_1 = file
    local row = ____file_1.row
    local share = {
        opens = 0,
        readOpens = 0,
        writeOpens = 0,
        denyReads = 0,
        denyWrites = 0
    }
    if ____type == "read" and row.writeOpens == 0 and row.denyReads == 0 then
        return share
    end
    for ____, entry in ipairs(step.rows:page(
        keys.fileOpens(file.key),
        0,
        endOfList,
        ownSearched
    )) do
        local open = step.rows:get("open", entry.member)
        if open ~= nil and open.sessionId == sessionId then
            countShare(share, open.access, open.deny, 1)
        end
    end
    return share
end
function ____exports.whyNotNow(step, file, id, asker, ____type)
    local share = shareOf(step, file.key, asker.ownerKey)
    local own = ownLease(step, file, share)
    if own ~= nil and share.leaseId ~= id then
        return {reason = "owner_has_lease", leaseId = share.leaseId}
    end
    if not asker.delegation and ownDelegation(step, file, asker.clientKey) ~= nil then
        return {
            reason = "owner_has_lease",
            leaseId = shareOf(step, file.key, asker.clientKey).leaseId
        }
    end
    local opens = share
    if asker.delegation then
        local lease = leaseOfSession(step, file, asker.sessionId)
        if lease ~= nil then
            return lease
        end
        opens = opensOfSession(step, file, asker.sessionId, ____type)
    end
    local reason = leaseRefusal(
        file.row,
        opens,
        id,
        own,
        leaseAsk(____type, asker.delegation, asker.notify),
        step.now
    )
    if reason ~= nil then
        return {reason = reason}
    end
    return not standsAlone(file) and not mayAsk(file.exp) and ({reason = "no_backend"}) or nil
end
ownSearched = 64
function ____exports.take(step, file, id, lease, ____type, turn)
    local share = shareOf(step, file.key, lease.ownerKey)
    share.leaseId = id
    saveShare(step, file.key, lease.ownerKey, share)
    if holdSuffices(file, ____type) then
        grant(
            step,
            file,
            id,
            lease,
            ____type,
            turn
        )
    else
        intend(
            step,
            file,
            id,
            lease,
            ____type
        )
    end
end
function ____exports.newLease(item, sessionId, pid, once)
    return {
        no = 0,
        sessionId = sessionId,
        owner = item.owner,
        ownerKey = item.ownerKey,
        clientKey = item.clientKey,
        fileKey = item.fileKey,
        exportName = item.exportName,
        path = item.path,
        fileId = item.fileId,
        inode = item.inode,
        pid = pid,
        maxHoldMs = item.maxHoldMs,
        type = "none",
        state = "allocated",
        pendingBreakNo = 0,
        grantNo = 0,
        token = 0,
        due = 0,
        once = once,
        fenced = false,
        delegation = false,
        seqid = 0,
        waitNo = 0
    }
end
function ____exports.enterLease(step, id, lease)
    lease.no = enterLists(
        step,
        keys.lease(id),
        lease.sessionId,
        lease.fileKey
    )
    step.rows:put("lease", id, lease)
end
return ____exports
 end,
["libs.locks.src.core.rules.kinds.kind"] = function(...)
local ____exports = {}
local keys = require("libs.locks.src.core.keys")
local ____step = require("libs.locks.src.core.step")
local agoMs = ____step.agoMs
local countWait = ____step.countWait
local inShards = ____step.inShards
local measure = ____step.measure
local record = ____step.record
local setDue = ____step.setDue
local ____quota = require("libs.locks.src.core.rules.quota")
local countFor = ____quota.countFor
function ____exports.memberOf(____bindingPattern0)
    local id
    local kind
    kind = ____bindingPattern0.kind
    id = ____bindingPattern0.id
    return keys.member(kind.letter, id)
end
function ____exports.ageOf(step, ____bindingPattern0)
    local row
    local kind
    kind = ____bindingPattern0.kind
    row = ____bindingPattern0.row
    return agoMs(
        step,
        kind.onlyWaits(row) and row.waitNo ~= 0 and row.waitNo or kind.since(row)
    )
end
function ____exports.isTangled(step, ____bindingPattern0)
    local waitNo
    local fileKey
    fileKey = ____bindingPattern0.fileKey
    waitNo = ____bindingPattern0.waitNo
    return #step.rows:page(
        keys.tangled(fileKey),
        waitNo - 1,
        waitNo,
        1
    ) > 0
end
function ____exports.waitNoOf(____bindingPattern0)
    local waitNo
    waitNo = ____bindingPattern0.waitNo
    local ____temp_0
    if waitNo == 0 then
        ____temp_0 = nil
    else
        ____temp_0 = waitNo
    end
    return ____temp_0
end
function ____exports.dequeue(step, file, waiter, outcome)
    local ____waiter_1 = waiter
    local row = ____waiter_1.row
    local waitNo = ____exports.waitNoOf(row)
    if waitNo == nil then
        return nil
    end
    measure(
        step,
        {
            what = waiter.kind.name,
            outcome = outcome,
            ms = agoMs(step, row.waitNo)
        }
    )
    countWait(step, waiter.kind.name, -1)
    countFor(step, row.sessionId, "waits", -1)
    local member = ____exports.memberOf(waiter)
    step.rows:unlink(
        keys.queue(file.key),
        member,
        row.waitNo
    )
    if inShards(step) then
        step.rows:unlink(keys.waits, member, row.waitNo)
    end
    step.rows:unlink(
        keys.ownerWaits(row.ownerKey),
        member,
        row.waitNo
    )
    if ____exports.isTangled(step, row) then
        step.rows:unlink(
            keys.tangled(file.key),
            member,
            row.waitNo
        )
    end
    row.waitNo = 0
    row.spared = nil
    local ____file_row_2, ____waiting_3 = file.row, "waiting"
    ____file_row_2[____waiting_3] = ____file_row_2[____waiting_3] - 1
    if waiter.kind.breaks then
        local ____file_row_4, ____breakers_5 = file.row, "breakers"
        ____file_row_4[____breakers_5] = ____file_row_4[____breakers_5] - 1
    end
    setDue(step, member, row, 0)
    return waitNo
end
function ____exports.dropWaiter(step, file, waiter, reason, cycle)
    local ____waiter_6 = waiter
    local kind = ____waiter_6.kind
    local id = ____waiter_6.id
    local row = ____waiter_6.row
    local ____kind_named_result_7 = kind.named(id, row)
    local openId = ____kind_named_result_7.openId
    local leaseId = ____kind_named_result_7.leaseId
    local waitId = ____kind_named_result_7.waitId
    local lockId = ____kind_named_result_7.lockId
    local connectionId = ____kind_named_result_7.connectionId
    record(
        step,
        {
            kind = "dropped",
            openId = openId,
            leaseId = leaseId,
            waitId = waitId,
            lockId = lockId,
            connectionId = connectionId,
            waitNo = ____exports.waitNoOf(row),
            sessionId = row.sessionId,
            owner = row.owner,
            fileKey = file.key,
            exportName = row.exportName,
            path = row.path,
            reason = reason,
            cycle = cycle
        }
    )
    ____exports.dequeue(step, file, waiter, reason)
    kind.withdraw(step, file, id, row)
end
return ____exports
 end,
["libs.locks.src.core.rules.kinds.lease"] = function(...)
local ____exports = {}
local isHeld, viewOf, stopWaiting, silentSince, countFreed
local keys = require("libs.locks.src.core.keys")
local ____lives = require("libs.locks.src.core.lives")
local isOfThisLife = ____lives.isOfThisLife
local ____step = require("libs.locks.src.core.step")
local mintToken = ____step.mintToken
local setDue = ____step.setDue
local ____break = require("libs.locks.src.core.rules.break")
local breakView = ____break.breakView
local exchangeToken = ____break.exchangeToken
local isBreaking = ____break.isBreaking
local noteForced = ____break.noteForced
local ____conflict = require("libs.locks.src.core.rules.conflict")
local leaseAsk = ____conflict.leaseAsk
local liveType = ____conflict.liveType
local rank = ____conflict.rank
local ____file = require("libs.locks.src.core.rules.file")
local countLease = ____file.countLease
local countRevoked = ____file.countRevoked
local finishLease = ____file.finishLease
local forgetLease = ____file.forgetLease
local isRevoked = ____file.isRevoked
local leaveSession = ____file.leaveSession
local loadFile = ____file.loadFile
local standsAlone = ____file.standsAlone
local ____grant = require("libs.locks.src.core.rules.grant")
local take = ____grant.take
local whyNotNow = ____grant.whyNotNow
local ____hold = require("libs.locks.src.core.rules.hold")
local unintend = ____hold.unintend
local ____tenure = require("libs.locks.src.core.rules.tenure")
local showTenure = ____tenure.showTenure
local ____kind = require("libs.locks.src.core.rules.kinds.kind")
local dequeue = ____kind.dequeue
local dropWaiter = ____kind.dropWaiter
local waitNoOf = ____kind.waitNoOf
function ____exports.stateOf(file, lease)
    if lease.state == "active" then
        if isRevoked(file, lease) then
            return file ~= nil and file.fence and "fencing" or "revoked"
        end
        return file ~= nil and isBreaking(file, lease) and "breaking" or "active"
    end
    if lease.state == "revoked" and lease.fenced and file ~= nil and file.fence then
        return "fencing"
    end
    return lease.state
end
function isHeld(state)
    return state == "active" or state == "breaking"
end
function viewOf(step, id, lease)
    local file = step.rows:get("file", lease.fileKey)
    local exp = step.rows:get("export", lease.exportName)
    local state = ____exports.stateOf(file, lease)
    local live = isHeld(state)
    local ____id_6 = id
    local ____lease_sessionId_7 = lease.sessionId
    local ____lease_owner_8 = lease.owner
    local ____lease_exportName_9 = lease.exportName
    local ____lease_path_10 = lease.path
    local ____lease_fileKey_11 = lease.fileKey
    local ____lease_fileId_12 = lease.fileId
    local ____lease_ownerKey_13 = lease.ownerKey
    local ____lease_grantNo_14 = lease.grantNo
    local ____temp_15 = (live or state == "fencing") and lease.type or "none"
    local ____lease_delegation_16 = lease.delegation
    local ____lease_pendingType_17 = lease.pendingType
    local ____lease_waitType_18 = lease.waitType
    local ____temp_1
    if lease.pendingType == nil then
        ____temp_1 = waitNoOf(lease)
    else
        ____temp_1 = lease.turnNo
    end
    local ____state_19 = state
    local ____lease_token_20 = lease.token
    local ____lease_seqid_21 = lease.seqid
    local ____temp_2
    if lease.type == "write" then
        ____temp_2 = lease.times
    else
        ____temp_2 = nil
    end
    local ____temp_3
    if lease.type == "read" then
        ____temp_3 = lease.notify
    else
        ____temp_3 = nil
    end
    local view = {
        leaseId = ____id_6,
        sessionId = ____lease_sessionId_7,
        owner = ____lease_owner_8,
        exportName = ____lease_exportName_9,
        path = ____lease_path_10,
        fileKey = ____lease_fileKey_11,
        fileId = ____lease_fileId_12,
        ownerKey = ____lease_ownerKey_13,
        grantNo = ____lease_grantNo_14,
        type = ____temp_15,
        delegation = ____lease_delegation_16,
        pendingType = ____lease_pendingType_17,
        waitType = ____lease_waitType_18,
        waitNo = ____temp_1,
        state = ____state_19,
        token = ____lease_token_20,
        seqid = ____lease_seqid_21,
        times = ____temp_2,
        notify = ____temp_3,
        backed = live and exp ~= nil and not exp["local"] and exp.state == "up" and (file and file.unbound) == nil,
        ["break"] = state == "breaking" and file ~= nil and file.breaking ~= nil and breakView(step, file.breaking, lease.ownerKey) or nil
    }
    return showTenure(step, view, lease)
end
function stopWaiting(step, file, id, lease, outcome)
    if lease.waitNo == 0 then
        return
    end
    dequeue(step, file, {kind = ____exports.leaseKind, id = id, row = lease}, outcome)
    lease.waitType = nil
end
function silentSince(step, sessionId)
    local session = step.rows:get("session", sessionId)
    return (session and session.courtesyMs) == nil and step.now or math.min(step.now, session.expires)
end
function countFreed(step, ____bindingPattern0)
    local cause
    local sessionId
    sessionId = ____bindingPattern0.sessionId
    cause = ____bindingPattern0.cause
    local session = step.rows:get("session", sessionId)
    if session == nil then
        return
    end
    if cause == "expired" then
        session.taken = (session.taken or 1) - 1
    else
        session.revoked = session.revoked - 1
    end
    step.rows:put("session", sessionId, session)
end
function ____exports.leaseView(step, id, lease)
    local ____isOfThisLife_result_0
    if isOfThisLife(step, lease.token) then
        ____isOfThisLife_result_0 = nil
    else
        ____isOfThisLife_result_0 = loadFile(step, lease.fileKey)
    end
    local file = ____isOfThisLife_result_0
    if file ~= nil and isHeld(____exports.stateOf(file.row, lease)) then
        exchangeToken(step, file, id, lease)
        step.rows:put("lease", id, lease)
        step.rows:put("file", file.key, file.row)
    end
    return viewOf(step, id, lease)
end
function ____exports.leaseBlocker(id, lease, file)
    return {
        id = id,
        kind = lease.delegation and "delegation" or "lease",
        sessionId = lease.sessionId,
        owner = lease.owner,
        pid = lease.pid,
        type = lease.pendingType or lease.type,
        state = ____exports.stateOf(file, lease)
    }
end
local function lockOfLease(step, id, lease)
    local view = viewOf(step, id, lease)
    local file = step.rows:get("file", lease.fileKey)
    return {
        id = id,
        no = lease.no,
        kind = lease.delegation and "delegation" or "lease",
        sessionId = lease.sessionId,
        owner = lease.owner,
        exportName = lease.exportName,
        path = lease.path,
        fileId = lease.fileId,
        inode = file == nil and lease.inode or file.inode,
        pid = lease.pid,
        type = view.type,
        pendingType = view.pendingType,
        waits = lease.waitType,
        state = view.state,
        token = isOfThisLife(step, lease.token) and lease.token or nil,
        backed = view.backed,
        maxHoldMs = view.maxHoldMs,
        endsWall = view.endsWall,
        remainingMs = view.remainingMs,
        ["break"] = view["break"]
    }
end
function ____exports.tellRevoked(step, file, id, lease)
    if not isRevoked(file.row, lease) then
        return false
    end
    stopWaiting(
        step,
        file,
        id,
        lease,
        "lease_revoked"
    )
    if lease.state == "active" then
        finishLease(
            step,
            id,
            lease,
            "revoked",
            file.row.clearCause or "deadline"
        )
    end
    return true
end
function ____exports.letGo(step, file, id, lease, cause)
    if ____exports.tellRevoked(step, file, id, lease) then
        return
    end
    stopWaiting(
        step,
        file,
        id,
        lease,
        "cancelled"
    )
    unintend(step, file, id, lease)
    countLease(
        step,
        file.row,
        id,
        lease,
        -1
    )
    finishLease(
        step,
        id,
        lease,
        "released",
        cause
    )
end
function ____exports.loseLease(step, file, id, lease, cause)
    local ____file_22 = file
    local row = ____file_22.row
    if ____exports.tellRevoked(step, file, id, lease) then
        return
    end
    stopWaiting(
        step,
        file,
        id,
        lease,
        cause
    )
    unintend(step, file, id, lease)
    if lease.state == "active" then
        if isBreaking(row, lease) then
            noteForced(row, cause)
        end
        countLease(
            step,
            row,
            id,
            lease,
            -1
        )
        countRevoked(step, file.exp, 1)
        row.maxToken = mintToken(step)
        if not standsAlone(file) and rank(row.mayHave) > rank(liveType(row)) then
            row.fence = true
            lease.fenced = true
        end
        if cause == "expired" then
            row.lockDelayUntil = math.max(
                row.lockDelayUntil,
                silentSince(step, lease.sessionId) + file.exp.lockDelayMs
            )
        end
    end
    finishLease(
        step,
        id,
        lease,
        "revoked",
        cause
    )
end
function ____exports.forgetFinished(step, id, lease)
    if lease.due == 0 then
        leaveSession(
            step,
            lease.sessionId,
            keys.lease(id),
            lease.no
        )
        countFreed(step, lease)
    end
    forgetLease(step, id, lease)
end
local function endLease(step, file, id, lease, reason)
    local withSession = reason == "session_ended" or reason == "session_expired"
    local live = lease.state == "active" or lease.state == "pending"
    if lease.waitNo ~= 0 and file ~= nil then
        dropWaiter(step, file, {kind = ____exports.leaseKind, id = id, row = lease}, reason)
    end
    local left = step.rows:get("lease", id)
    if left == nil then
        return
    end
    if file == nil or not live then
        if left.state ~= "allocated" and not withSession then
            return
        end
        leaveSession(
            step,
            left.sessionId,
            keys.lease(id),
            left.no
        )
        forgetLease(step, id, left)
        return
    end
    if reason == "session_ended" then
        ____exports.letGo(
            step,
            file,
            id,
            left,
            reason
        )
    else
        ____exports.loseLease(
            step,
            file,
            id,
            left,
            reason == "session_expired" and "expired" or reason
        )
    end
    local ____withSession_25
    if withSession then
        ____withSession_25 = step.rows:get("lease", id)
    else
        ____withSession_25 = nil
    end
    local after = ____withSession_25
    if after ~= nil and after.state == "revoked" and after.due == 0 then
        ____exports.forgetFinished(step, id, after)
    end
end
local function admitLease(step, file, waiter, turn)
    local ____waiter_26 = waiter
    local id = ____waiter_26.id
    local row = ____waiter_26.row
    local ____type = row.waitType or "read"
    if whyNotNow(
        step,
        file,
        id,
        row,
        ____type
    ) ~= nil then
        return false
    end
    row.turnNo = dequeue(step, file, waiter, "granted")
    row.waitType = nil
    take(
        step,
        file,
        id,
        row,
        ____type,
        turn
    )
    return true
end
local function withdrawLease(step, id, lease)
    lease.waitType = nil
    if lease.state ~= "allocated" then
        step.rows:put("lease", id, lease)
    elseif lease.once then
        leaveSession(
            step,
            lease.sessionId,
            keys.lease(id),
            lease.no
        )
        forgetLease(step, id, lease)
    else
        setDue(
            step,
            keys.lease(id),
            lease,
            step.now + step.meta.limits.unusedMs
        )
        step.rows:put("lease", id, lease)
    end
end
____exports.leaseKind = {
    name = "lease",
    letter = keys.letters.lease,
    breaks = false,
    load = function(step, id) return step.rows:get("lease", id) end,
    asks = function(row) return {leaseAsk(row.waitType or "read", row.delegation, row.notify)} end,
    admit = admitLease,
    mayFree = function() return false end,
    whyNot = function(step, file, ____bindingPattern0)
        local row
        local id
        id = ____bindingPattern0.id
        row = ____bindingPattern0.row
        local ____opt_27 = whyNotNow(
            step,
            file,
            id,
            row,
            row.waitType or "read"
        )
        return ____opt_27 and ____opt_27.reason
    end,
    isLost = function(_step, file, row) return isRevoked(file.row, row) and "lease_revoked" or nil end,
    withdraw = function(step, _file, id, row)
        withdrawLease(step, id, row)
    end,
    lapse = function(step, id, row)
        if row.state == "allocated" then
            leaveSession(
                step,
                row.sessionId,
                keys.lease(id),
                row.no
            )
        end
        forgetLease(step, id, row)
    end,
    named = function(id) return {leaseId = id} end,
    detached = function() return nil end,
    onlyWaits = function(row) return row.waitNo ~= 0 and row.state == "allocated" end,
    staysOut = function(row) return row.state ~= "allocated" and row.state ~= "pending" end,
    since = function(row) return row.grantNo == 0 and row.no or row.grantNo end,
    blocker = function(id, row, file)
        local blocker = ____exports.leaseBlocker(id, row, file.row)
        if row.waitType ~= nil then
            blocker.type = row.waitType
            blocker.state = "waiting"
        end
        return blocker
    end,
    view = lockOfLease,
    ["end"] = endLease
}
return ____exports
 end,
["libs.locks.src.core.rules.notify"] = function(...)
local ____exports = {}
local keys = require("libs.locks.src.core.keys")
local ____step = require("libs.locks.src.core.step")
local record = ____step.record
local setDue = ____step.setDue
local ____break = require("libs.locks.src.core.rules.break")
local startBreak = ____break.startBreak
local ____conflict = require("libs.locks.src.core.rules.conflict")
local othersNotified = ____conflict.othersNotified
local ____file = require("libs.locks.src.core.rules.file")
local enterLists = ____file.enterLists
local leaveLists = ____file.leaveLists
local ownHold = ____file.ownHold
local announcedMax = 64
function ____exports.mayAnnounce(____bindingPattern0)
    local row
    row = ____bindingPattern0.row
    return (row.announced or 0) < announcedMax
end
local function mindful(step, file, change)
    return othersNotified(
        file.row,
        ownHold(step, file, change)
    ) > 0
end
function ____exports.announceChange(step, file, id, change)
    if change.notice == nil or not mindful(step, file, change) then
        return false
    end
    if change.no == 0 then
        change.no = enterLists(
            step,
            keys.change(id),
            change.sessionId,
            file.key
        )
    end
    change.announced = true
    setDue(
        step,
        keys.change(id),
        change,
        step.now + (change.reportMs or 0)
    )
    step.rows:put("change", id, change)
    file.row.announced = (file.row.announced or 0) + 1
    return true
end
function ____exports.forgetChange(step, file, id, change)
    if change.no == 0 then
        return
    end
    if change.announced == true then
        setDue(
            step,
            keys.change(id),
            change,
            0
        )
        if file ~= nil then
            local left = (file.row.announced or 1) - 1
            local ____file_row_1 = file.row
            local ____temp_0
            if left == 0 then
                ____temp_0 = nil
            else
                ____temp_0 = left
            end
            ____file_row_1.announced = ____temp_0
        end
    end
    leaveLists(
        step,
        keys.change(id),
        change
    )
    step.rows:del("change", id)
end
function ____exports.tellChange(step, file, ____bindingPattern0)
    local clientKey
    local notice
    notice = ____bindingPattern0.notice
    clientKey = ____bindingPattern0.clientKey
    if notice == nil then
        return
    end
    local ____file_row_2 = file.row
    local exportName = ____file_row_2.exportName
    local path = ____file_row_2.path
    record(step, {
        kind = "directoryChanged",
        change = notice,
        exempt = clientKey,
        fileKey = file.key,
        exportName = exportName,
        path = path
    })
end
function ____exports.recallUntold(step, file, change)
    if not mindful(step, file, change) then
        return
    end
    local ____startBreak_7 = startBreak
    local ____step_5 = step
    local ____file_6 = file
    local ____opt_3 = ownHold(step, file, change)
    ____startBreak_7(
        ____step_5,
        ____file_6,
        "none",
        "change",
        ____opt_3 and ____opt_3.ownerKey,
        0,
        true
    )
end
function ____exports.recallNotified(step, file, lease)
    if lease.notify == true then
        startBreak(
            step,
            file,
            "none",
            "change",
            nil,
            0,
            true
        )
    end
end
return ____exports
 end,
["libs.locks.src.core.rules.way"] = function(...)
local ____exports = {}
local isHeld, minds, ownMinded
local keys = require("libs.locks.src.core.keys")
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local ____break = require("libs.locks.src.core.rules.break")
local startBreak = ____break.startBreak
local voidPending = ____break.voidPending
local ____conflict = require("libs.locks.src.core.rules.conflict")
local clashOf = ____conflict.clashOf
local fenceBlocks = ____conflict.fenceBlocks
local holdBlocks = ____conflict.holdBlocks
local leaseAsk = ____conflict.leaseAsk
local openAsks = ____conflict.openAsks
local voidsPending = ____conflict.voidsPending
local ____file = require("libs.locks.src.core.rules.file")
local ownHold = ____file.ownHold
local shareOf = ____file.shareOf
local ____matrix = require("libs.locks.src.core.rules.matrix")
local ownRefuses = ____matrix.ownRefuses
local verdict = ____matrix.verdict
function ____exports.wouldRefuse(earlier, later)
    for ____, held in ipairs(earlier) do
        for ____, wanted in ipairs(later) do
            if isHeld(held) and verdict(held, wanted) == "refused" then
                return true
            end
        end
    end
    return false
end
function isHeld(wanted)
    return wanted ~= "truncate" and wanted ~= "unlink" and wanted ~= "rename" and wanted ~= "link" and wanted ~= "setattr" and wanted ~= "entries" and wanted ~= "told"
end
function minds(waiter, asks, open)
    local has = openAsks(open.access, open.deny)
    local ____waiter_row_0 = waiter.row
    local ownerKey = ____waiter_row_0.ownerKey
    local clientKey = ____waiter_row_0.clientKey
    if open.ownerKey == ownerKey then
        return ownMinded(has, asks)
    end
    if ownerKey == clientKey and open.clientKey == clientKey then
        return false
    end
    return ____exports.wouldRefuse(has, asks)
end
function ownMinded(has, asks)
    for ____, wanted in ipairs(asks) do
        for ____, held in ipairs(has) do
            if wanted == ownRefuses.wanted and held == ownRefuses.held then
                return true
            end
        end
    end
    return false
end
function ____exports.mindsLease(waiter, lease)
    for ____, wanted in ipairs(waiter.kind.asks(waiter.row)) do
        if verdict(
            leaseAsk(lease.type, lease.delegation, lease.notify),
            wanted
        ) ~= "beside" then
            return true
        end
    end
    return false
end
local opensLooked = 1024
local opensPage = 16
function ____exports.opensRefusing(step, file, waiter, max)
    local found = {}
    local asks = waiter.kind.asks(waiter.row)
    if #asks == 0 or file.row.opens == 0 then
        return found
    end
    local after = 0
    do
        local looked = 0
        while looked < opensLooked do
            local page = step.rows:page(
                keys.fileOpens(file.key),
                after,
                endOfList,
                opensPage
            )
            for ____, entry in ipairs(page) do
                do
                    local __continue17
                    repeat
                        after = entry.score
                        local row = step.rows:get("open", entry.member)
                        if row == nil or not minds(waiter, asks, row) then
                            __continue17 = true
                            break
                        end
                        found[#found + 1] = {id = entry.member, row = row}
                        if #found == max then
                            return found
                        end
                        __continue17 = true
                    until true
                    if not __continue17 then
                        break
                    end
                end
            end
            if #page < opensPage then
                return found
            end
            looked = looked + opensPage
        end
    end
    return found
end
function ____exports.clearWay(step, file, waiter, cause)
    local ____file_1 = file
    local row = ____file_1.row
    local asks = waiter.kind.asks(waiter.row)
    local own = ownHold(step, file, waiter.row)
    local clash = clashOf(
        row,
        shareOf(step, file.key, waiter.row.ownerKey),
        own,
        asks
    )
    if clash.refused then
        return false
    end
    local target = clash.target
    if target ~= nil then
        local exempt = own == nil and waiter.row.ownerKey or own.ownerKey
        startBreak(
            step,
            file,
            target,
            cause,
            exempt,
            0,
            clash.delegations
        )
    end
    if voidsPending(row, own, asks) then
        voidPending(step, file, "open_conflict")
    end
    return target == nil and not holdBlocks(row, asks) and not fenceBlocks(row, asks)
end
return ____exports
 end,
["libs.locks.src.core.rules.kinds.change"] = function(...)
local ____exports = {}
local keys = require("libs.locks.src.core.keys")
local ____step = require("libs.locks.src.core.step")
local record = ____step.record
local ____file = require("libs.locks.src.core.rules.file")
local loadFile = ____file.loadFile
local saveFile = ____file.saveFile
local ____notify = require("libs.locks.src.core.rules.notify")
local announceChange = ____notify.announceChange
local forgetChange = ____notify.forgetChange
local mayAnnounce = ____notify.mayAnnounce
local recallUntold = ____notify.recallUntold
local ____way = require("libs.locks.src.core.rules.way")
local clearWay = ____way.clearWay
local opensRefusing = ____way.opensRefusing
local ____kind = require("libs.locks.src.core.rules.kinds.kind")
local dequeue = ____kind.dequeue
local dropWaiter = ____kind.dropWaiter
local function lockOfChange(id, change)
    local ____id_1 = id
    local ____change_no_2 = change.no
    local ____change_sessionId_3 = change.sessionId
    local ____change_owner_4 = change.owner
    local ____change_exportName_5 = change.exportName
    local ____change_path_6 = change.path
    local ____change_fileId_7 = change.fileId
    local ____change_inode_8 = change.inode
    local ____change_pid_9 = change.pid
    local ____change_kind_10 = change.kind
    local ____temp_0
    if change.announced == true then
        ____temp_0 = nil
    else
        ____temp_0 = change.kind
    end
    return {
        id = ____id_1,
        no = ____change_no_2,
        kind = "change",
        sessionId = ____change_sessionId_3,
        owner = ____change_owner_4,
        exportName = ____change_exportName_5,
        path = ____change_path_6,
        fileId = ____change_fileId_7,
        inode = ____change_inode_8,
        pid = ____change_pid_9,
        type = ____change_kind_10,
        waits = ____temp_0,
        state = change.announced == true and "announced" or "waiting"
    }
end
local function admitChange(step, file, waiter, turn)
    local ____waiter_11 = waiter
    local id = ____waiter_11.id
    local row = ____waiter_11.row
    if row.notice ~= nil and not mayAnnounce(file) then
        row.notice = nil
        if row.no ~= 0 then
            step.rows:put("change", id, row)
        end
    end
    if not clearWay(step, file, waiter, "change") then
        return false
    end
    file.row.lockDelayUntil = math.max(file.row.lockDelayUntil, step.now + row.quietMs)
    local waitNo = dequeue(step, file, waiter, "granted")
    local announced = announceChange(step, file, id, row)
    if not announced then
        forgetChange(step, file, id, row)
    end
    local ____record_23 = record
    local ____step_22 = step
    local ____id_13 = id
    local ____row_sessionId_14 = row.sessionId
    local ____row_owner_15 = row.owner
    local ____file_key_16 = file.key
    local ____row_exportName_17 = row.exportName
    local ____row_path_18 = row.path
    local ____row_kind_19 = row.kind
    local ____turn_20 = turn
    local ____waitNo_21 = waitNo
    local ____announced_12
    if announced then
        ____announced_12 = true
    else
        ____announced_12 = nil
    end
    ____record_23(____step_22, {
        kind = "changed",
        waitId = ____id_13,
        sessionId = ____row_sessionId_14,
        owner = ____row_owner_15,
        fileKey = ____file_key_16,
        exportName = ____row_exportName_17,
        path = ____row_path_18,
        what = ____row_kind_19,
        turn = ____turn_20,
        waitNo = ____waitNo_21,
        announced = ____announced_12
    })
    return true
end
local function abandon(step, file, id, row)
    forgetChange(step, file, id, row)
    if file ~= nil then
        recallUntold(step, file, row)
    end
end
____exports.changeKind = {
    name = "change",
    letter = keys.letters.change,
    breaks = true,
    load = function(step, id) return step.rows:get("change", id) end,
    asks = function(row) return {row.notice == nil and row.kind or "told"} end,
    admit = admitChange,
    mayFree = function() return true end,
    whyNot = function(step, file, waiter) return #opensRefusing(step, file, waiter, 1) > 0 and "share_denied" or nil end,
    isLost = function() return nil end,
    withdraw = function(step, file, id, row)
        forgetChange(step, file, id, row)
    end,
    lapse = function(step, id, row)
        local file = loadFile(step, row.fileKey)
        abandon(step, file, id, row)
        if file ~= nil then
            saveFile(step, file)
        end
    end,
    named = function(id) return {waitId = id} end,
    detached = function() return nil end,
    onlyWaits = function() return true end,
    since = function(____bindingPattern0)
        local no
        no = ____bindingPattern0.no
        return no
    end,
    blocker = function(id, ____bindingPattern0)
        local ____type
        local pid
        local owner
        local sessionId
        sessionId = ____bindingPattern0.sessionId
        owner = ____bindingPattern0.owner
        pid = ____bindingPattern0.pid
        ____type = ____bindingPattern0.kind
        return {
            id = id,
            kind = "change",
            sessionId = sessionId,
            owner = owner,
            pid = pid,
            type = ____type,
            state = "waiting"
        }
    end,
    view = function(_step, id, row) return lockOfChange(id, row) end,
    ["end"] = function(step, file, id, row, reason)
        if row.announced == true then
            abandon(step, file, id, row)
        elseif file ~= nil then
            dropWaiter(step, file, {kind = ____exports.changeKind, id = id, row = row}, reason)
        end
    end
}
return ____exports
 end,
["libs.locks.src.core.rules.connection"] = function(...)
local ____exports = {}
local countConnection
local keys = require("libs.locks.src.core.keys")
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local ____step = require("libs.locks.src.core.step")
local count = ____step.count
local endOfList = ____step.endOfList
local nextSeq = ____step.nextSeq
local record = ____step.record
local setDue = ____step.setDue
local ____file = require("libs.locks.src.core.rules.file")
local enterSession = ____file.enterSession
local leaveSession = ____file.leaveSession
function countConnection(step, ____bindingPattern0, by)
    local exportName
    exportName = ____bindingPattern0.exportName
    count(step, "connections", by)
    local exp = step.rows:get("export", exportName)
    if exp == nil then
        return
    end
    exp.connections = (exp.connections or 0) + by
    if exp.demand ~= nil and by < 0 then
        setDue(
            step,
            keys.exportItem(exportName),
            exp,
            step.now
        )
    end
    step.rows:put("export", exportName, exp)
end
____exports.dlmProtocol = {major = 1, minor = 1}
function ____exports.connectionRefusal(step, ____bindingPattern0, exportName)
    local sessionId
    local connectionId
    connectionId = ____bindingPattern0.connectionId
    sessionId = ____bindingPattern0.sessionId
    if connectionId == nil then
        return nil
    end
    local row = step.rows:get("connection", connectionId)
    if row == nil or row.exportName ~= exportName then
        return refuse("no_such_connection")
    end
    if row.sessionId ~= sessionId then
        return refuse("not_holder")
    end
    return row.state == "hungUp" and refuse("hung_up") or nil
end
function ____exports.joinConnection(step, id, ____bindingPattern0)
    local no
    local connection
    connection = ____bindingPattern0.connection
    no = ____bindingPattern0.no
    if connection ~= nil then
        step.rows:link(
            keys.connectionLocks(connection),
            id,
            no
        )
    end
end
function ____exports.leaveConnection(step, id, ____bindingPattern0)
    local no
    local connection
    connection = ____bindingPattern0.connection
    no = ____bindingPattern0.no
    if connection ~= nil then
        step.rows:unlink(
            keys.connectionLocks(connection),
            id,
            no
        )
    end
end
function ____exports.hasLocks(step, connectionId)
    return #step.rows:page(
        keys.connectionLocks(connectionId),
        0,
        endOfList,
        1
    ) > 0
end
function ____exports.enterConnection(step, id, row)
    row.no = nextSeq(step)
    enterSession(
        step,
        row.sessionId,
        keys.connection(id),
        row.no
    )
    step.rows:link(
        keys.dependents(keys.exportItem(row.exportName)),
        keys.connection(id),
        row.no
    )
    countConnection(step, row, 1)
    step.rows:put("connection", id, row)
end
local function leaveConnectionLists(step, id, row)
    leaveSession(
        step,
        row.sessionId,
        keys.connection(id),
        row.no
    )
    step.rows:unlink(
        keys.dependents(keys.exportItem(row.exportName)),
        keys.connection(id),
        row.no
    )
    countConnection(step, row, -1)
end
function ____exports.outlastLocks(step, id, row)
    leaveConnectionLists(step, id, row)
    row.state = "hungUp"
    ____exports.enterConnection(step, id, row)
end
function ____exports.removeConnection(step, connectionId, row, reason)
    local ____row_0 = row
    local sessionId = ____row_0.sessionId
    local exportName = ____row_0.exportName
    leaveConnectionLists(step, connectionId, row)
    step.rows:del("connection", connectionId)
    record(step, {
        kind = "disconnected",
        connectionId = connectionId,
        sessionId = sessionId,
        exportName = exportName,
        reason = reason
    })
end
return ____exports
 end,
["libs.locks.src.core.rules.ended"] = function(...)
local ____exports = {}
local forgetEnd
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local keys = require("libs.locks.src.core.keys")
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local nextSeq = ____step.nextSeq
function forgetEnd(step, id, ended, usual)
    local ____step_3 = step
    local rows = ____step_3.rows
    local ____ended_4 = ended
    local no = ____ended_4.no
    local sessionId = ____ended_4.sessionId
    if sessionId == nil then
        sessionId = usual
    end
    local taken = ____ended_4.taken
    rows:unlink(
        keys.sessionEnded(sessionId),
        id,
        no
    )
    rows:del("ended", id)
    local session = rows:get("session", sessionId)
    if session == nil then
        return
    end
    session.ended = (session.ended or 1) - 1
    if taken == true then
        session.taken = (session.taken or 1) - 1
    end
    rows:put("session", sessionId, session)
end
local endedMax = 256
function ____exports.rememberEnd(step, id, ended, how, more)
    if more == nil then
        more = {}
    end
    local ____step_0 = step
    local rows = ____step_0.rows
    local ____ended_1 = ended
    local sessionId = ____ended_1.sessionId
    local body = ____ended_1.body
    if body == nil then
        body = ""
    end
    local session = rows:get("session", sessionId)
    if session == nil or session.state ~= "live" and session.state ~= "courtesy" then
        return
    end
    local ____more_2 = more
    local request = ____more_2.request
    local adopted = ____more_2.adopted
    local taken = ____more_2.taken
    if ended.body == nil and request == nil and taken == nil then
        return
    end
    local before = rows:get("ended", id)
    if before ~= nil then
        forgetEnd(step, id, before, sessionId)
    end
    local list = keys.sessionEnded(sessionId)
    local no = nextSeq(step)
    rows:link(list, id, no)
    rows:put("ended", id, {
        no = no,
        sessionId = sessionId,
        body = body,
        how = how,
        request = request,
        adopted = adopted,
        taken = taken
    })
    session.ended = (session.ended or 0) + 1
    if taken == true then
        session.taken = (session.taken or 0) + 1
    end
    rows:put("session", sessionId, session)
    if session.ended <= endedMax then
        return
    end
    for ____, oldest in ipairs(rows:page(list, 0, endOfList, session.ended - endedMax)) do
        local row = rows:get("ended", oldest.member)
        if row ~= nil then
            forgetEnd(step, oldest.member, row, sessionId)
        end
    end
end
function ____exports.refusalOfEnded(step, id, body)
    local ended = step.rows:get("ended", id)
    if ended == nil then
        return nil
    end
    if ended.body ~= body then
        return refuse("id_reused_with_other_body")
    end
    return {refused = {reason = "open_closed", ended = ended.how}}
end
function ____exports.wasTaken(step, id, sessionId)
    local ended = step.rows:get("ended", id)
    return ended ~= nil and ended.taken == true and ended.sessionId == sessionId
end
function ____exports.freeTaken(step, id, sessionId, request)
    local ended = step.rows:get("ended", id)
    local session = step.rows:get("session", sessionId)
    if ended == nil or session == nil then
        return
    end
    ended.taken = nil
    ended.how = "freed"
    ended.request = request
    step.rows:put("ended", id, ended)
    session.taken = (session.taken or 1) - 1
    step.rows:put("session", sessionId, session)
end
function ____exports.forgetEnds(step, sessionId)
    local list = keys.sessionEnded(sessionId)
    for ____, each in ipairs(step.rows:page(list, 0, endOfList, endedMax)) do
        step.rows:unlink(list, each.member, each.score)
        step.rows:del("ended", each.member)
    end
end
return ____exports
 end,
["libs.locks.src.core.rules.resource"] = function(...)
local ____exports = {}
local firstOf, conversionsOf, isBlocked, blocks, isDeadlocked, holds, moveBlock, leaveGranted, countOrphan, grantFirst, grantableInTurn, tellBlocking, tellHolders, yieldTo, tell, between
local keys = require("libs.locks.src.core.keys")
local ____step = require("libs.locks.src.core.step")
local countMode = ____step.countMode
local endOfList = ____step.endOfList
local mintToken = ____step.mintToken
local nextSeq = ____step.nextSeq
local record = ____step.record
local ____connection = require("libs.locks.src.core.rules.connection")
local leaveConnection = ____connection.leaveConnection
local ____file = require("libs.locks.src.core.rules.file")
local leaveLists = ____file.leaveLists
local noteGrant = ____file.noteGrant
local ____kind = require("libs.locks.src.core.rules.kinds.kind")
local dequeue = ____kind.dequeue
local dropWaiter = ____kind.dropWaiter
local ____modes = require("libs.locks.src.core.rules.modes")
local blockMoves = ____modes.blockMoves
local compatible = ____modes.compatible
local freshResource = ____modes.freshResource
local modes = ____modes.modes
local rankOf = ____modes.rankOf
local writes = ____modes.writes
function ____exports.resourceOf(file)
    file.row.resource = file.row.resource or freshResource()
    return file.row.resource
end
function ____exports.leaveTurns(step, file, ____bindingPattern0)
    local row
    local id
    id = ____bindingPattern0.id
    row = ____bindingPattern0.row
    if row.wants == nil or row.place == 0 then
        return
    end
    local resource = ____exports.resourceOf(file)
    step.rows:unlink(
        keys.turns(file.key),
        id,
        row.place
    )
    local ____resource_wanted_4, ____row_wants_5 = resource.wanted, row.wants
    ____resource_wanted_4[____row_wants_5] = ____resource_wanted_4[____row_wants_5] - 1
    if row.mode ~= nil then
        local ____resource_converting_6, ____row_wants_7 = resource.converting, row.wants
        ____resource_converting_6[____row_wants_7] = ____resource_converting_6[____row_wants_7] - 1
    end
    row.place = 0
end
function firstOf(step, file, after, upTo, kind)
    for ____, ____value in ipairs(step.rows:page(
        keys.turns(file.key),
        after,
        upTo,
        1
    )) do
        local member = ____value.member
        local row = step.rows:get("dlm", member)
        if row ~= nil then
            return {kind = kind, id = member, row = row}
        end
    end
    return nil
end
function conversionsOf(step, file)
    local found = {}
    for ____, ____value in ipairs(step.rows:page(
        keys.turns(file.key),
        0,
        between,
        file.row.waiting
    )) do
        local member = ____value.member
        local row = step.rows:get("dlm", member)
        if row ~= nil then
            found[#found + 1] = {id = member, row = row}
        end
    end
    return found
end
function isBlocked(resource, own, wanted)
    for ____, held in ipairs(modes) do
        local others = resource.granted[held] - (held == own and 1 or 0)
        if others > 0 and not compatible(held, wanted) then
            return true
        end
    end
    return false
end
function blocks(holder, waiter)
    return holder.mode ~= nil and waiter.wants ~= nil and not compatible(holder.mode, waiter.wants)
end
function isDeadlocked(row, other)
    return row ~= other and blocks(row, other) and (other.place < row.place or blocks(other, row))
end
function ____exports.grantIn(step, file, lock, mode, brings)
    local ____lock_13 = lock
    local id = ____lock_13.id
    local row = ____lock_13.row
    local resource = ____exports.resourceOf(file)
    local from = row.mode
    local asked = row.wants
    local waitNo = dequeue(step, file, lock, "granted")
    ____exports.leaveTurns(step, file, lock)
    row.read = moveBlock(
        resource,
        from,
        mode,
        row,
        brings
    )
    leaveGranted(step, file, id, row)
    if from ~= nil then
        holds(step, file, from, -1)
    end
    holds(step, file, mode, 1)
    row.mode = mode
    row.wants = nil
    row.alt = nil
    row.told = nil
    local ____row_15 = row
    local ____temp_14
    if asked ~= mode then
        ____temp_14 = true
    else
        ____temp_14 = nil
    end
    ____row_15.altMode = ____temp_14
    row.seqid = row.seqid + 1
    if not writes(mode) then
        row.token = 0
    elseif row.token == 0 then
        row.token = mintToken(step)
        file.row.maxToken = row.token
    end
    ____exports.enterGranted(step, file, id, row)
    step.rows:put("dlm", id, row)
    noteGrant(step, file, row.ownerKey)
    local ____record_27 = record
    local ____step_26 = step
    local ____id_17 = id
    local ____row_connection_18 = row.connection
    local ____row_sessionId_19 = row.sessionId
    local ____row_owner_20 = row.owner
    local ____file_key_21 = file.key
    local ____row_exportName_22 = row.exportName
    local ____row_path_23 = row.path
    local ____mode_24 = mode
    local ____row_seqid_25 = row.seqid
    local ____temp_16
    if row.token == 0 then
        ____temp_16 = nil
    else
        ____temp_16 = row.token
    end
    ____record_27(____step_26, {
        kind = "completed",
        lockId = ____id_17,
        connectionId = ____row_connection_18,
        sessionId = ____row_sessionId_19,
        owner = ____row_owner_20,
        fileKey = ____file_key_21,
        exportName = ____row_exportName_22,
        path = ____row_path_23,
        mode = ____mode_24,
        seqid = ____row_seqid_25,
        token = ____temp_16,
        read = row.read,
        demoted = row.demoted,
        altMode = row.altMode,
        turn = brings.turn,
        waitNo = waitNo
    })
end
function holds(step, file, mode, by)
    local ____exports_resourceOf_result_granted_28, ____mode_29 = ____exports.resourceOf(file).granted, mode
    ____exports_resourceOf_result_granted_28[____mode_29] = ____exports_resourceOf_result_granted_28[____mode_29] + by
    countMode(step, mode, by)
end
function moveBlock(resource, from, to, row, brings)
    local moves = blockMoves(from, to)
    if moves == "write" then
        ____exports.writeBlock(resource, brings)
    end
    return moves == "read" and row.valblk == true and ____exports.readBlock(resource) or nil
end
function ____exports.readBlock(____bindingPattern0)
    local invalid
    local block
    block = ____bindingPattern0.block
    invalid = ____bindingPattern0.invalid
    return {block = block, valid = block ~= nil and invalid ~= true}
end
function ____exports.writeBlock(resource, ____bindingPattern0)
    local ivvalblk
    local block
    block = ____bindingPattern0.block
    ivvalblk = ____bindingPattern0.ivvalblk
    if ivvalblk == true then
        resource.invalid = true
    elseif block ~= nil then
        resource.block = block
        resource.invalid = nil
    end
end
function ____exports.enterGranted(step, file, id, row)
    if row.mode == nil then
        return
    end
    row.grantNo = nextSeq(step)
    ____exports.resourceOf(file).lastGrant = row.grantNo
    step.rows:link(
        keys.grantedIn(file.key, row.mode),
        id,
        row.grantNo
    )
end
function leaveGranted(step, file, id, row)
    if row.mode == nil or row.grantNo == 0 then
        return
    end
    step.rows:unlink(
        keys.grantedIn(file.key, row.mode),
        id,
        row.grantNo
    )
    row.grantNo = 0
end
function ____exports.demote(step, file, id, row)
    if row.mode == nil then
        return
    end
    leaveGranted(step, file, id, row)
    holds(step, file, row.mode, -1)
    holds(step, file, "NL", 1)
    row.mode = "NL"
    row.token = 0
    row.demoted = true
end
function countOrphan(step, ____bindingPattern0, by)
    local tenant
    local exportName
    exportName = ____bindingPattern0.exportName
    tenant = ____bindingPattern0.tenant
    if tenant == nil then
        tenant = ""
    end
    local id = keys.orphansIn(exportName, tenant)
    local ____temp_33 = step.rows:get("orphans", id) or ({count = 0})
    local count = ____temp_33.count
    if count + by > 0 then
        step.rows:put("orphans", id, {count = count + by})
    elseif count > 0 then
        step.rows:del("orphans", id)
    end
end
function ____exports.leaveOrphans(step, file, ____bindingPattern0)
    local row
    local id
    id = ____bindingPattern0.id
    row = ____bindingPattern0.row
    step.rows:unlink(
        keys.orphans(file.key, row.tenant or ""),
        id,
        row.no
    )
    countOrphan(step, row, -1)
    if row.home ~= nil then
        step.rows:unlink(
            keys.nodeOrphans(row.home),
            id,
            row.no
        )
    end
    row.home = nil
    step.rows:unlink(
        "all",
        keys.dlm(id),
        row.no
    )
    step.rows:unlink(
        keys.fileRows(file.key),
        keys.dlm(id),
        row.no
    )
end
function ____exports.serveConversions(step, file, kind)
    local next = firstOf(
        step,
        file,
        0,
        between,
        kind
    )
    while next ~= nil and grantFirst(step, file, next) do
        next = firstOf(
            step,
            file,
            0,
            between,
            kind
        )
    end
end
function ____exports.homeOf(step, sessionId)
    local session = step.rows:get("session", sessionId)
    local ____temp_36
    if (session and session.bound) == true then
        ____temp_36 = session.node
    else
        ____temp_36 = nil
    end
    return ____temp_36
end
function ____exports.isOnDeadNode(step, sessionId)
    local home = ____exports.homeOf(step, sessionId)
    local ____temp_39 = home ~= nil
    if ____temp_39 then
        local ____opt_37 = step.rows:get("node", home)
        ____temp_39 = (____opt_37 and ____opt_37.state) ~= "up"
    end
    return ____temp_39
end
function grantFirst(step, file, lock)
    local mode = grantableInTurn(step, file, lock.row)
    if mode == nil then
        return false
    end
    if ____exports.isOnDeadNode(step, lock.row.sessionId) then
        dropWaiter(step, file, lock, "session_expired")
    else
        ____exports.grantIn(
            step,
            file,
            lock,
            mode,
            {turn = true}
        )
    end
    return true
end
function grantableInTurn(step, file, row)
    local ____row_40 = row
    local mode = ____row_40.mode
    local wants = ____row_40.wants
    local alt = ____row_40.alt
    local resource = ____exports.resourceOf(file)
    if wants ~= nil and not isBlocked(resource, mode, wants) then
        return wants
    end
    if alt == nil or isBlocked(resource, mode, alt) then
        return nil
    end
    for ____, other in ipairs(conversionsOf(step, file)) do
        if isDeadlocked(row, other.row) then
            return nil
        end
    end
    return alt
end
function tellBlocking(step, file)
    local resource = ____exports.resourceOf(file)
    local high
    for ____, mode in ipairs(modes) do
        if resource.wanted[mode] > 0 then
            high = mode
        end
    end
    if high == nil then
        resource.told = nil
        return
    end
    local after = resource.told == high and resource.toldUpTo or 0
    for ____, held in ipairs(modes) do
        local wanted = held == "PR" and high == "PR" and "CW" or high
        if resource.granted[held] > 0 and not compatible(held, wanted) then
            tellHolders(
                step,
                file,
                held,
                wanted,
                after
            )
        end
    end
    resource.told = high
    resource.toldUpTo = resource.lastGrant
end
function tellHolders(step, file, held, wanted, after, except)
    local ____exports_resourceOf_result_41 = ____exports.resourceOf(file)
    local granted = ____exports_resourceOf_result_41.granted
    for ____, ____value in ipairs(step.rows:page(
        keys.grantedIn(file.key, held),
        after,
        endOfList,
        granted[held]
    )) do
        local member = ____value.member
        local row = step.rows:get("dlm", member)
        if row ~= nil and member ~= except then
            tell(
                step,
                file,
                member,
                row,
                wanted
            )
        end
    end
end
function yieldTo(step, file, id, row)
    if row.convdeadlk == true then
        ____exports.demote(step, file, id, row)
        step.rows:put("dlm", id, row)
    elseif row.nodlckwt == true and row.wants ~= nil then
        tell(
            step,
            file,
            id,
            row,
            row.wants
        )
    end
end
function tell(step, file, id, row, mode)
    if row.told ~= nil and rankOf(row.told) >= rankOf(mode) then
        return
    end
    row.told = mode
    step.rows:put("dlm", id, row)
    local ____row_42 = row
    local sessionId = ____row_42.sessionId
    local connectionId = ____row_42.connection
    local owner = ____row_42.owner
    local exportName = ____row_42.exportName
    local path = ____row_42.path
    if sessionId == "" then
        return
    end
    record(step, {
        kind = "blocking",
        lockId = id,
        connectionId = connectionId,
        sessionId = sessionId,
        owner = owner,
        fileKey = file.key,
        exportName = exportName,
        path = path,
        mode = mode
    })
end
function ____exports.sum(counts)
    local total = 0
    for ____, mode in ipairs(modes) do
        total = total + counts[mode]
    end
    return total
end
local conversions = 1099511627776
local requests = 3 * conversions
between = 2 * conversions
function ____exports.placeFor(resource, lock, first)
    resource.places = resource.places + 1
    local queue = lock.mode == nil and requests or conversions
    return first and queue - resource.places or queue + resource.places
end
function ____exports.enterTurns(step, file, ____bindingPattern0)
    local row
    local id
    id = ____bindingPattern0.id
    row = ____bindingPattern0.row
    if row.wants == nil then
        return
    end
    local resource = ____exports.resourceOf(file)
    step.rows:link(
        keys.turns(file.key),
        id,
        row.place
    )
    local ____resource_wanted_0, ____row_wants_1 = resource.wanted, row.wants
    ____resource_wanted_0[____row_wants_1] = ____resource_wanted_0[____row_wants_1] + 1
    if row.mode == nil then
        return
    end
    local ____resource_converting_2, ____row_wants_3 = resource.converting, row.wants
    ____resource_converting_2[____row_wants_3] = ____resource_converting_2[____row_wants_3] + 1
    leaveGranted(step, file, id, row)
end
function ____exports.servedBefore(step, file, ____bindingPattern0)
    local place
    place = ____bindingPattern0.place
    local found = {}
    for ____, ____value in ipairs(step.rows:page(
        keys.turns(file.key),
        0,
        place - 1,
        file.row.waiting
    )) do
        local member = ____value.member
        found[#found + 1] = member
    end
    return found
end
local function mayGrantNow(file, row, wanted, quecvt)
    local resource = ____exports.resourceOf(file)
    if isBlocked(resource, row.mode, wanted) then
        return false
    end
    if row.mode == nil then
        return file.row.waiting == 0
    end
    return not quecvt or ____exports.sum(resource.converting) == 0
end
function ____exports.grantableNow(file, row, wanted, flags, alt)
    local quecvt = flags.quecvt == true
    if flags.expedite == true or mayGrantNow(file, row, wanted, quecvt) then
        return wanted
    end
    return alt ~= nil and mayGrantNow(file, row, alt, quecvt) and alt or nil
end
function ____exports.deadlockedWith(step, file, held, kind)
    local ____exports_resourceOf_result_8 = ____exports.resourceOf(file)
    local converting = ____exports_resourceOf_result_8.converting
    local blocks = false
    for ____, wanted in ipairs(modes) do
        if converting[wanted] > 0 and not compatible(held, wanted) then
            blocks = true
        end
    end
    if not blocks then
        return nil
    end
    local next = firstOf(
        step,
        file,
        0,
        between,
        kind
    )
    while next ~= nil and (next.row.wants == nil or compatible(held, next.row.wants)) do
        next = firstOf(
            step,
            file,
            next.row.place,
            between,
            kind
        )
    end
    return next
end
function ____exports.locksInTheWay(step, file, request, max)
    local found = {}
    local ____request_9 = request
    local wants = ____request_9.wants
    if wants == nil then
        return found
    end
    local ____exports_resourceOf_result_10 = ____exports.resourceOf(file)
    local granted = ____exports_resourceOf_result_10.granted
    for ____, held in ipairs(modes) do
        do
            local __continue43
            repeat
                if granted[held] == 0 or compatible(held, wants) then
                    __continue43 = true
                    break
                end
                for ____, ____value in ipairs(step.rows:page(
                    keys.grantedIn(file.key, held),
                    0,
                    endOfList,
                    max + 1
                )) do
                    local member = ____value.member
                    local row = step.rows:get("dlm", member)
                    if row ~= nil and row ~= request and #found < max then
                        found[#found + 1] = {id = member, row = row}
                    end
                end
                __continue43 = true
            until true
            if not __continue43 then
                break
            end
        end
    end
    for ____, each in ipairs(conversionsOf(step, file)) do
        local ____each_row_11 = each.row
        local mode = ____each_row_11.mode
        if mode ~= nil and each.row ~= request and not compatible(mode, wants) and #found < max then
            found[#found + 1] = each
        end
    end
    return found
end
function ____exports.grantedLocks(step, file, max)
    local found = {}
    local ____exports_resourceOf_result_12 = ____exports.resourceOf(file)
    local granted = ____exports_resourceOf_result_12.granted
    for ____, held in ipairs(modes) do
        do
            local __continue53
            repeat
                if granted[held] == 0 then
                    __continue53 = true
                    break
                end
                local left = max - #found
                for ____, ____value in ipairs(step.rows:page(
                    keys.grantedIn(file.key, held),
                    0,
                    endOfList,
                    left
                )) do
                    local member = ____value.member
                    local row = step.rows:get("dlm", member)
                    if row ~= nil then
                        found[#found + 1] = row
                    end
                end
                __continue53 = true
            until true
            if not __continue53 then
                break
            end
        end
    end
    return found
end
function ____exports.grantAnew(step, file, ____bindingPattern0)
    local row
    local id
    id = ____bindingPattern0.id
    row = ____bindingPattern0.row
    leaveGranted(step, file, id, row)
    row.told = nil
    ____exports.enterGranted(step, file, id, row)
end
function ____exports.restore(step, file, id, row, mode, token)
    holds(step, file, "NL", -1)
    holds(step, file, mode, 1)
    row.mode = mode
    row.token = token
    row.demoted = nil
    ____exports.enterGranted(step, file, id, row)
end
function ____exports.removeLock(step, file, lock)
    local ____lock_30 = lock
    local id = ____lock_30.id
    local row = ____lock_30.row
    leaveGranted(step, file, id, row)
    if row.mode ~= nil then
        holds(step, file, row.mode, -1)
    end
    leaveConnection(step, id, row)
    if row.sessionId == "" then
        ____exports.leaveOrphans(step, file, lock)
    else
        leaveLists(
            step,
            keys.dlm(id),
            row
        )
    end
    step.rows:del("dlm", id)
end
____exports.orphansMax = 64
local exportOrphansMax = 4096
function ____exports.orphansOver(step, file, exportName, tenant)
    local ____temp_31 = step.rows:get(
        "orphans",
        keys.orphansIn(exportName, tenant)
    ) or ({count = 0})
    local count = ____temp_31.count
    if count >= exportOrphansMax then
        return {refused = {reason = "orphans_max", used = count, allowed = exportOrphansMax}}
    end
    local here = #step.rows:page(
        keys.orphans(file.key, tenant),
        0,
        endOfList,
        ____exports.orphansMax
    )
    local ____temp_32
    if here < ____exports.orphansMax then
        ____temp_32 = nil
    else
        ____temp_32 = {refused = {reason = "orphans_max", used = here, allowed = ____exports.orphansMax}}
    end
    return ____temp_32
end
function ____exports.enterOrphans(step, file, ____bindingPattern0)
    local row
    local id
    id = ____bindingPattern0.id
    row = ____bindingPattern0.row
    step.rows:link(
        keys.orphans(file.key, row.tenant or ""),
        id,
        row.no
    )
    countOrphan(step, row, 1)
    if row.home ~= nil then
        step.rows:link(
            keys.nodeOrphans(row.home),
            id,
            row.no
        )
    end
end
function ____exports.serveResource(step, file, kind)
    ____exports.serveConversions(step, file, kind)
    if ____exports.sum(____exports.resourceOf(file).converting) == 0 then
        local next = firstOf(
            step,
            file,
            between,
            endOfList,
            kind
        )
        while next ~= nil and grantFirst(step, file, next) do
            next = firstOf(
                step,
                file,
                between,
                endOfList,
                kind
            )
        end
    end
    tellBlocking(step, file)
end
function ____exports.tellRefusing(step, file, lock, wanted)
    for ____, held in ipairs(modes) do
        if ____exports.resourceOf(file).granted[held] > 0 and not compatible(held, wanted) then
            tellHolders(
                step,
                file,
                held,
                wanted,
                0,
                lock.id
            )
        end
    end
    for ____, ____value in ipairs(conversionsOf(step, file)) do
        local id = ____value.id
        local row = ____value.row
        if row.mode ~= nil and not compatible(row.mode, wanted) then
            tell(
                step,
                file,
                id,
                row,
                wanted
            )
        end
    end
end
function ____exports.untangle(step, file, entered)
    for ____, ____value in ipairs(conversionsOf(step, file)) do
        local id = ____value.id
        local row = ____value.row
        if isDeadlocked(entered.row, row) then
            yieldTo(step, file, entered.id, entered.row)
        end
        if isDeadlocked(row, entered.row) then
            yieldTo(step, file, id, row)
        end
    end
end
return ____exports
 end,
["libs.locks.src.core.rules.tenant"] = function(...)
local ____exports = {}
function ____exports.tenantOf(step, sessionId)
    local ____opt_0 = step.rows:get("session", sessionId)
    return ____opt_0 and ____opt_0.tenant or ""
end
local function isForeign(step, viewer, sessionId)
    return sessionId ~= viewer and ____exports.tenantOf(step, sessionId) ~= ____exports.tenantOf(step, viewer)
end
function ____exports.introduce(step, view)
    local session = step.rows:get("session", view.sessionId)
    if session == nil then
        return view
    end
    view.label = session.label
    view.node = session.node
    local ____view_3 = view
    local ____temp_2
    if session.state == "courtesy" then
        ____temp_2 = true
    else
        ____temp_2 = nil
    end
    ____view_3.courtesy = ____temp_2
    return view
end
function ____exports.veil(step, viewer, view)
    if not isForeign(step, viewer, view.sessionId) then
        return ____exports.introduce(step, view)
    end
    view.otherTenant = true
    view.id = ""
    view.sessionId = ""
    view.owner = ""
    view.pid = 0
    view.label = nil
    view.node = nil
    return view
end
function ____exports.veilDependent(step, viewer, view, sessionId)
    local ____temp_4
    if sessionId == nil then
        ____temp_4 = ____exports.tenantOf(step, viewer) == ""
    else
        ____temp_4 = not isForeign(step, viewer, sessionId)
    end
    local isOpen = ____temp_4
    return isOpen and view or ({kind = view.kind, name = "", otherTenant = true})
end
function ____exports.veilCycle(step, viewer, cycle)
    local told = {}
    local at = 0
    for ____, member in ipairs(cycle) do
        at = at + 1
        local next = cycle[at + 1] or cycle[1]
        if not isForeign(step, viewer, member.sessionId) then
            told[#told + 1] = member
        else
            local isKnown = next ~= nil and not isForeign(step, viewer, next.sessionId)
            told[#told + 1] = {
                id = "",
                kind = member.kind,
                sessionId = "",
                owner = "",
                exportName = isKnown and member.exportName or "",
                path = isKnown and member.path or "",
                otherTenant = true
            }
        end
    end
    return told
end
return ____exports
 end,
["libs.locks.src.core.rules.kinds.dlm"] = function(...)
local ____exports = {}
local keys = require("libs.locks.src.core.keys")
local ____step = require("libs.locks.src.core.step")
local record = ____step.record
local ____connection = require("libs.locks.src.core.rules.connection")
local leaveConnection = ____connection.leaveConnection
local ____ended = require("libs.locks.src.core.rules.ended")
local rememberEnd = ____ended.rememberEnd
local ____file = require("libs.locks.src.core.rules.file")
local leaveLists = ____file.leaveLists
local leaveSession = ____file.leaveSession
local ____modes = require("libs.locks.src.core.rules.modes")
local writes = ____modes.writes
local ____resource = require("libs.locks.src.core.rules.resource")
local enterGranted = ____resource.enterGranted
local enterOrphans = ____resource.enterOrphans
local leaveTurns = ____resource.leaveTurns
local grantedLocks = ____resource.grantedLocks
local homeOf = ____resource.homeOf
local isOnDeadNode = ____resource.isOnDeadNode
local locksInTheWay = ____resource.locksInTheWay
local orphansOver = ____resource.orphansOver
local removeLock = ____resource.removeLock
local resourceOf = ____resource.resourceOf
local servedBefore = ____resource.servedBefore
local ____tenant = require("libs.locks.src.core.rules.tenant")
local tenantOf = ____tenant.tenantOf
local ____kind = require("libs.locks.src.core.rules.kinds.kind")
local dequeue = ____kind.dequeue
local dropWaiter = ____kind.dropWaiter
function ____exports.stateOfDlm(row)
    if row.mode == nil then
        return "waiting"
    end
    return row.wants == nil and "granted" or "converting"
end
local function blockerOf(id, row)
    local ____row_0 = row
    local sessionId = ____row_0.sessionId
    local owner = ____row_0.owner
    local pid = ____row_0.pid
    local mode = ____row_0.mode
    local wants = ____row_0.wants
    return {
        id = id,
        kind = "dlm",
        sessionId = sessionId,
        owner = owner,
        pid = pid,
        type = mode or wants or "NL",
        state = ____exports.stateOfDlm(row)
    }
end
local function lockOfDlm(id, row)
    local ____row_1 = row
    local no = ____row_1.no
    local sessionId = ____row_1.sessionId
    local owner = ____row_1.owner
    local exportName = ____row_1.exportName
    local path = ____row_1.path
    local fileId = ____row_1.fileId
    local inode = ____row_1.inode
    local pid = ____row_1.pid
    local mode = ____row_1.mode
    local wants = ____row_1.wants
    local token = ____row_1.token
    local ____id_3 = id
    local ____no_4 = no
    local ____sessionId_5 = sessionId
    local ____owner_6 = owner
    local ____exportName_7 = exportName
    local ____path_8 = path
    local ____fileId_9 = fileId
    local ____inode_10 = inode
    local ____pid_11 = pid
    local ____temp_12 = mode or wants or "NL"
    local ____wants_13 = wants
    local ____exports_stateOfDlm_result_14 = ____exports.stateOfDlm(row)
    local ____temp_2
    if token == 0 then
        ____temp_2 = nil
    else
        ____temp_2 = token
    end
    return {
        id = ____id_3,
        no = ____no_4,
        kind = "dlm",
        sessionId = ____sessionId_5,
        owner = ____owner_6,
        exportName = ____exportName_7,
        path = ____path_8,
        fileId = ____fileId_9,
        inode = ____inode_10,
        pid = ____pid_11,
        type = ____temp_12,
        waits = ____wants_13,
        state = ____exports_stateOfDlm_result_14,
        token = ____temp_2
    }
end
local function withdrawDlm(step, file, id, row)
    leaveTurns(step, file, {kind = ____exports.dlmKind, id = id, row = row})
    row.wants = nil
    row.alt = nil
    if row.mode == nil then
        leaveConnection(step, id, row)
        leaveLists(
            step,
            keys.dlm(id),
            row
        )
        step.rows:del("dlm", id)
        return
    end
    enterGranted(step, file, id, row)
    step.rows:put("dlm", id, row)
end
local function mayOrphan(step, file, row, reason)
    if row.persistent ~= true then
        return false
    end
    if reason ~= "session_ended" and reason ~= "session_expired" and reason ~= "disconnected" then
        return false
    end
    if isOnDeadNode(step, row.sessionId) then
        return false
    end
    return orphansOver(
        step,
        file,
        row.exportName,
        tenantOf(step, row.sessionId)
    ) == nil
end
local function orphan(step, file, id, row)
    local home = homeOf(step, row.sessionId)
    leaveSession(
        step,
        row.sessionId,
        keys.dlm(id),
        row.no
    )
    leaveConnection(step, id, row)
    row.connection = nil
    local tenant = tenantOf(step, row.sessionId)
    local ____row_16 = row
    local ____temp_15
    if tenant == "" then
        ____temp_15 = nil
    else
        ____temp_15 = tenant
    end
    ____row_16.tenant = ____temp_15
    row.home = home
    row.sessionId = ""
    row.owner = ""
    row.ownerKey = ""
    row.clientKey = ""
    row.body = nil
    enterOrphans(step, file, {kind = ____exports.dlmKind, id = id, row = row})
    step.rows:put("dlm", id, row)
end
local function endDlm(step, file, id, row, reason)
    if file == nil then
        return
    end
    local lock = {kind = ____exports.dlmKind, id = id, row = row}
    rememberEnd(step, id, row, reason)
    if row.mode == nil then
        dropWaiter(step, file, lock, reason)
        return
    end
    local keep = mayOrphan(step, file, row, reason)
    if row.wants ~= nil then
        dequeue(step, file, lock, reason)
        withdrawDlm(step, file, id, row)
    end
    if keep then
        orphan(step, file, id, row)
        return
    end
    if writes(row.mode) then
        resourceOf(file).invalid = true
    end
    local ____row_17 = row
    local sessionId = ____row_17.sessionId
    local owner = ____row_17.owner
    local exportName = ____row_17.exportName
    local path = ____row_17.path
    local connectionId = ____row_17.connection
    removeLock(step, file, lock)
    if sessionId == "" then
        return
    end
    record(step, {
        kind = "unlocked",
        lockId = id,
        connectionId = connectionId,
        sessionId = sessionId,
        owner = owner,
        fileKey = file.key,
        exportName = exportName,
        path = path,
        reason = reason
    })
end
local space = {
    meets = function(earlier, later) return earlier.place < later.place end,
    ownerHas = function() return false end,
    inTheWay = locksInTheWay,
    ahead = servedBefore,
    asksOwner = true,
    counts = function(row) return row.nodlckwt ~= true end,
    held = grantedLocks
}
____exports.dlmKind = {
    name = "dlm",
    letter = keys.letters.dlm,
    breaks = false,
    own = space,
    load = function(step, id) return step.rows:get("dlm", id) end,
    asks = function() return {} end,
    admit = function() return false end,
    mayFree = function() return false end,
    whyNot = function(step, file, ____bindingPattern0)
        local row
        row = ____bindingPattern0.row
        return #locksInTheWay(step, file, row, 1) > 0 and "mode_conflict" or nil
    end,
    isLost = function() return nil end,
    withdraw = withdrawDlm,
    lapse = function() return nil end,
    named = function(id, row) return {lockId = id, connectionId = row.connection} end,
    detached = function() return nil end,
    onlyWaits = function(row) return row.mode == nil end,
    since = function(row) return row.grantNo == 0 and row.no or row.grantNo end,
    blocker = function(id, row) return blockerOf(id, row) end,
    view = function(_step, id, row) return lockOfDlm(id, row) end,
    counted = "ranges",
    ["end"] = endDlm
}
return ____exports
 end,
["libs.locks.src.core.rules.offer"] = function(...)
local ____exports = {}
local whyNotHere, unannounced, enter, notNow, mayPass, signal
local keys = require("libs.locks.src.core.keys")
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local nextSeq = ____step.nextSeq
local record = ____step.record
local ____admission = require("libs.locks.src.core.rules.admission")
local pidOf = ____admission.pidOf
local roomFor = ____admission.roomFor
local ____file = require("libs.locks.src.core.rules.file")
local countDelegation = ____file.countDelegation
local countRow = ____file.countRow
local leaveSession = ____file.leaveSession
local ownDelegation = ____file.ownDelegation
local saveShare = ____file.saveShare
local shareOf = ____file.shareOf
local standsAlone = ____file.standsAlone
local ____grace = require("libs.locks.src.core.rules.grace")
local neverHeld = ____grace.neverHeld
local ____grant = require("libs.locks.src.core.rules.grant")
local enterLease = ____grant.enterLease
local newLease = ____grant.newLease
local take = ____grant.take
local whyNotNow = ____grant.whyNotNow
local ____quota = require("libs.locks.src.core.rules.quota")
local rowsOver = ____quota.rowsOver
local ____surplus = require("libs.locks.src.core.rules.surplus")
local makeRoomForDelegation = ____surplus.makeRoomForDelegation
function whyNotHere(step, ____bindingPattern0)
    local row
    row = ____bindingPattern0.row
    if step.now < row.coolUntil then
        return "CONTENTION"
    end
    local pending = row.pendingReads + (row.pendingWriter == nil and 0 or 1)
    local here = row.delegReads + (row.writerDelegation and 1 or 0) + pending
    return here >= step.meta.limits.fileDelegationsMax and "RESOURCE" or nil
end
function ____exports.whyNotOffered(step, file, sessionId)
    local ____step_meta_0 = step.meta
    local limits = ____step_meta_0.limits
    local here = whyNotHere(step, file)
    if here ~= nil then
        return here
    end
    if file.exp.delegations >= limits.exportDelegationsMax then
        return "RESOURCE"
    end
    local session = step.rows:get("session", sessionId)
    if session == nil or session.state ~= "live" then
        return "CANCELLED"
    end
    if session.revoked > limits.revokedMax then
        return "RESOURCE"
    end
    return session.delegations >= limits.sessionDelegationsMax and "RESOURCE" or nil
end
function unannounced(file, ____bindingPattern0)
    local notify
    notify = ____bindingPattern0.notify
    return file.row.announced ~= nil and notify ~= true and "CONTENTION" or nil
end
function enter(step, file, asked, ____type)
    local ____asked_6 = asked
    local leaseId = ____asked_6.leaseId
    local sessionId = ____asked_6.sessionId
    local clientKey = ____asked_6.clientKey
    local item = {
        fileKey = file.key,
        exportName = asked.file.exportName,
        path = asked.file.path,
        fileId = asked.file.fileId,
        inode = asked.file.inode,
        owner = sessionId,
        ownerKey = clientKey,
        clientKey = clientKey
    }
    local lease = newLease(
        item,
        sessionId,
        pidOf(step, sessionId),
        true
    )
    lease.delegation = true
    local ____asked_times_7
    if asked.times then
        ____asked_times_7 = true
    else
        ____asked_times_7 = nil
    end
    lease.times = ____asked_times_7
    local ____temp_8
    if asked.notify == true then
        ____temp_8 = true
    else
        ____temp_8 = nil
    end
    lease.notify = ____temp_8
    enterLease(step, leaseId, lease)
    countDelegation(step, lease, 1, nil)
    take(
        step,
        file,
        leaseId,
        lease,
        ____type,
        false
    )
end
function notNow(step, file, asked, ____type, whyNot)
    local passes = whyNot == "CONTENTION" or mayPass(step, file, asked.sessionId)
    local push = asked.push and standsAlone(file) and shareOf(step, file.key, asked.clientKey).leaseId == nil
    local noted = (asked.signal or push) and passes and ____exports.addWant(
        step,
        file,
        asked,
        ____type,
        push
    )
    return {whyNot = whyNot, willSignal = noted and not push, willPush = noted and push}
end
function mayPass(step, file, sessionId)
    local ____step_meta_9 = step.meta
    local limits = ____step_meta_9.limits
    local session = step.rows:get("session", sessionId)
    if session == nil or session.revoked > limits.revokedMax then
        return false
    end
    return session.delegations < limits.sessionDelegationsMax and file.exp.delegations < limits.exportDelegationsMax
end
function signal(step, file, clientKey, granting)
    local ____shareOf_result_13 = shareOf(step, file.key, clientKey)
    local wanted = ____shareOf_result_13.wanted
    local wantedBy = ____shareOf_result_13.wantedBy
    local wantId = ____shareOf_result_13.wantId
    local wantTimes = ____shareOf_result_13.wantTimes
    local wantNotify = ____shareOf_result_13.wantNotify
    ____exports.dropWant(step, file, clientKey)
    if wanted == nil or wantedBy == nil then
        return
    end
    local pushes = granting and wantId ~= nil and standsAlone(file)
    local ____file_row_14 = file.row
    local exportName = ____file_row_14.exportName
    local path = ____file_row_14.path
    local fileId = ____file_row_14.fileId
    local inode = ____file_row_14.inode
    if pushes and ____exports.whyNotOffered(step, file, wantedBy) == nil then
        local ref = {
            fileKey = file.key,
            exportName = exportName,
            path = path,
            fileId = fileId,
            inode = inode
        }
        local times = wantTimes == true
        local asked = {
            leaseId = wantId,
            sessionId = wantedBy,
            clientKey = clientKey,
            file = ref,
            times = times,
            notify = wantNotify
        }
        enter(step, file, asked, wanted)
    end
    local ____record_22 = record
    local ____step_21 = step
    local ____wantedBy_16 = wantedBy
    local ____file_key_17 = file.key
    local ____exportName_18 = exportName
    local ____path_19 = path
    local ____wanted_20 = wanted
    local ____temp_15
    if wantId == nil or step.rows:get("lease", wantId) == nil then
        ____temp_15 = nil
    else
        ____temp_15 = wantId
    end
    ____record_22(____step_21, {
        kind = "available",
        sessionId = ____wantedBy_16,
        fileKey = ____file_key_17,
        exportName = ____exportName_18,
        path = ____path_19,
        type = ____wanted_20,
        leaseId = ____temp_15
    })
end
function ____exports.addWant(step, file, ____bindingPattern0, want, push)
    local notify
    local times
    local clientKey
    local sessionId
    local leaseId
    leaseId = ____bindingPattern0.leaseId
    sessionId = ____bindingPattern0.sessionId
    clientKey = ____bindingPattern0.clientKey
    times = ____bindingPattern0.times
    notify = ____bindingPattern0.notify
    local share = shareOf(step, file.key, clientKey)
    if share.wanted == nil then
        local session = step.rows:get("session", sessionId)
        if session == nil or session.rows >= step.meta.limits.sessionLocksMax then
            return false
        end
        if rowsOver(step, sessionId, 1) ~= nil then
            return false
        end
        if file.row.wants >= step.meta.limits.queueMax then
            return false
        end
        local ____file_row_23, ____wants_24 = file.row, "wants"
        ____file_row_23[____wants_24] = ____file_row_23[____wants_24] + 1
        share.wantNo = nextSeq(step)
        step.rows:link(
            keys.wants(file.key),
            clientKey,
            share.wantNo
        )
        step.rows:link(
            keys.sessionRows(sessionId),
            keys.want(file.key),
            share.wantNo
        )
        session.clientKey = clientKey
        countRow(step, sessionId, 1)
    end
    share.wanted = want
    share.wantedBy = sessionId
    share.wantId = push and leaseId or nil
    local ____temp_25
    if push and times then
        ____temp_25 = true
    else
        ____temp_25 = nil
    end
    share.wantTimes = ____temp_25
    local ____temp_26
    if notify == true then
        ____temp_26 = true
    else
        ____temp_26 = nil
    end
    share.wantNotify = ____temp_26
    saveShare(step, file.key, clientKey, share)
    return true
end
function ____exports.dropWant(step, file, clientKey)
    local share = shareOf(step, file.key, clientKey)
    if share.wanted == nil or share.wantedBy == nil then
        return
    end
    step.rows:unlink(
        keys.wants(file.key),
        clientKey,
        share.wantNo or 0
    )
    leaveSession(
        step,
        share.wantedBy,
        keys.want(file.key),
        share.wantNo or 0
    )
    local ____file_row_27, ____wants_28 = file.row, "wants"
    ____file_row_27[____wants_28] = ____file_row_27[____wants_28] - 1
    share.wanted = nil
    share.wantedBy = nil
    share.wantNo = nil
    share.wantId = nil
    share.wantTimes = nil
    share.wantNotify = nil
    saveShare(step, file.key, clientKey, share)
end
local revokedSearched = 256
function ____exports.neverDelegated(step, file, ____bindingPattern0)
    local clientKey
    local sessionId
    sessionId = ____bindingPattern0.sessionId
    clientKey = ____bindingPattern0.clientKey
    if ownDelegation(step, file, clientKey) ~= nil then
        return false
    end
    if neverHeld(step, true, file.exp) ~= nil then
        return true
    end
    for ____, ____value in ipairs(step.rows:page(
        keys.fileRows(file.key),
        0,
        endOfList,
        revokedSearched
    )) do
        local member = ____value.member
        local lease = step.rows:get(
            "lease",
            keys.idOf(step.rows, member)
        )
        if (lease and lease.delegation) == true and lease.sessionId == sessionId and lease.state == "revoked" then
            return true
        end
    end
    return false
end
function ____exports.offer(step, file, asked)
    local ____asked_3 = asked
    local want = ____asked_3.want
    local sessionId = ____asked_3.sessionId
    local clientKey = ____asked_3.clientKey
    if want == "none" or want == "cancel" then
        local cancelled = want == "cancel" or shareOf(step, file.key, clientKey).wanted ~= nil
        ____exports.dropWant(step, file, clientKey)
        return {whyNot = cancelled and "CANCELLED" or "NOT_WANTED", willSignal = false}
    end
    local ____type = want == "any" and (asked.writes and "write" or "read") or want
    local own = ownDelegation(step, file, clientKey)
    local ownId = shareOf(step, file.key, clientKey).leaseId
    if own ~= nil and ownId ~= nil then
        if own.type == ____type or own.pendingType == ____type or want == "any" then
            return {leaseId = ownId, willSignal = false}
        end
        if ____type == "read" then
            return {whyNot = "NOT_SUPP_DOWNGRADE", willSignal = false}
        end
        if own.state ~= "active" then
            return {whyNot = "CONTENTION", willSignal = false}
        end
    end
    if asked.reclaim and ____exports.neverDelegated(step, file, asked) then
        return {willSignal = false}
    end
    makeRoomForDelegation(step, sessionId, file.row.exportName)
    local ____asked_reclaim_4
    if asked.reclaim then
        ____asked_reclaim_4 = nil
    else
        ____asked_reclaim_4 = ____exports.whyNotOffered(step, file, sessionId) or unannounced(file, asked)
    end
    local should = ____asked_reclaim_4
    if should ~= nil then
        return notNow(
            step,
            file,
            asked,
            ____type,
            should
        )
    end
    local asker = own or ({
        sessionId = sessionId,
        ownerKey = clientKey,
        clientKey = clientKey,
        delegation = true,
        notify = asked.notify
    })
    local ____not = whyNotNow(
        step,
        file,
        own == nil and asked.leaseId or (ownId or ""),
        asker,
        ____type
    )
    if ____not ~= nil then
        if want == "any" and ____type == "write" then
            asked.writes = false
            return ____exports.offer(step, file, asked)
        end
        if ____not.reason == "owner_has_lease" then
            return {whyNot = "CONTENTION", willSignal = false}
        end
        return notNow(
            step,
            file,
            asked,
            ____type,
            ____not.reason == "no_backend" and "RESOURCE" or "CONTENTION"
        )
    end
    ____exports.dropWant(step, file, clientKey)
    if own ~= nil and ownId ~= nil then
        local ____asked_times_5
        if asked.times then
            ____asked_times_5 = true
        else
            ____asked_times_5 = nil
        end
        own.times = ____asked_times_5
        take(
            step,
            file,
            ownId,
            own,
            ____type,
            false
        )
        return {leaseId = ownId, willSignal = false}
    end
    if roomFor(step, sessionId, 1) ~= nil then
        return {whyNot = "RESOURCE", willSignal = false}
    end
    enter(step, file, asked, ____type)
    return {leaseId = asked.leaseId, willSignal = false}
end
function ____exports.offerWith(step, file, id, open)
    if open.want == nil or open.want == "none" or open.offerId == nil then
        return
    end
    local offered = ____exports.offer(step, file, {
        leaseId = open.offerId,
        sessionId = open.sessionId,
        clientKey = open.clientKey,
        file = open,
        want = open.want,
        writes = open.access ~= "read",
        signal = open.signal == true,
        push = open.push == true,
        times = open.times == true,
        reclaim = open.reclaim == true
    })
    open.offerId = nil
    open.delegationId = offered.leaseId
    open.whyNot = offered.whyNot
    open.willSignal = offered.willSignal
    open.willPush = offered.willPush
    step.rows:put("open", id, open)
end
function ____exports.signalWants(step, file)
    local ____file_10 = file
    local row = ____file_10.row
    if row.wants == 0 or whyNotHere(step, file) ~= nil then
        return
    end
    for ____, entry in ipairs(step.rows:page(
        keys.wants(file.key),
        0,
        endOfList,
        row.wants
    )) do
        do
            local __continue37
            repeat
                local clientKey = entry.member
                local ____shareOf_result_11 = shareOf(step, file.key, clientKey)
                local wanted = ____shareOf_result_11.wanted
                local wantedBy = ____shareOf_result_11.wantedBy
                local notify = ____shareOf_result_11.wantNotify
                if wanted == nil or wantedBy == nil or unannounced(file, {notify = notify}) ~= nil then
                    __continue37 = true
                    break
                end
                local asker = {
                    sessionId = wantedBy,
                    ownerKey = clientKey,
                    clientKey = clientKey,
                    delegation = true,
                    notify = notify
                }
                local ____shareOf_result_12 = shareOf(step, file.key, clientKey)
                local leaseId = ____shareOf_result_12.leaseId
                if leaseId == nil then
                    leaseId = ""
                end
                if whyNotNow(
                    step,
                    file,
                    leaseId,
                    asker,
                    wanted
                ) == nil then
                    signal(step, file, clientKey, true)
                end
                __continue37 = true
            until true
            if not __continue37 then
                break
            end
        end
    end
end
function ____exports.endWants(step, file)
    if file.row.wants == 0 then
        return
    end
    for ____, entry in ipairs(step.rows:page(
        keys.wants(file.key),
        0,
        endOfList,
        file.row.wants
    )) do
        signal(step, file, entry.member, false)
    end
end
return ____exports
 end,
["libs.locks.src.core.rules.kinds.open"] = function(...)
local ____exports = {}
local withoutOpen
local keys = require("libs.locks.src.core.keys")
local ____step = require("libs.locks.src.core.step")
local record = ____step.record
local ____conflict = require("libs.locks.src.core.rules.conflict")
local openAsks = ____conflict.openAsks
local ____ended = require("libs.locks.src.core.rules.ended")
local rememberEnd = ____ended.rememberEnd
local ____file = require("libs.locks.src.core.rules.file")
local countOpen = ____file.countOpen
local countShare = ____file.countShare
local leaveLists = ____file.leaveLists
local noteGrant = ____file.noteGrant
local saveShare = ____file.saveShare
local shareOf = ____file.shareOf
local ____offer = require("libs.locks.src.core.rules.offer")
local offerWith = ____offer.offerWith
local ____way = require("libs.locks.src.core.rules.way")
local clearWay = ____way.clearWay
local opensRefusing = ____way.opensRefusing
local ____kind = require("libs.locks.src.core.rules.kinds.kind")
local dequeue = ____kind.dequeue
local dropWaiter = ____kind.dropWaiter
function withoutOpen(step, id, open)
    local share = shareOf(step, open.fileKey, open.ownerKey)
    if share.openId == id then
        share.openId = nil
    end
    return share
end
function ____exports.openBlocker(id, open)
    return {
        id = id,
        kind = "open",
        sessionId = open.sessionId,
        owner = open.owner,
        pid = open.pid,
        type = open.access,
        deny = open.deny,
        state = open.state
    }
end
local function lockOfOpen(id, open)
    local waits = open.waitNo ~= 0
    return {
        id = id,
        no = open.no,
        kind = "open",
        sessionId = open.sessionId,
        owner = open.owner,
        exportName = open.exportName,
        path = open.path,
        fileId = open.fileId,
        inode = open.inode,
        pid = open.pid,
        type = open.access,
        deny = open.deny,
        waits = waits and (open.toAccess or open.access) or nil,
        state = open.state
    }
end
local function admitOpen(step, file, waiter, turn)
    if not clearWay(step, file, waiter, "open") then
        return false
    end
    local ____waiter_0 = waiter
    local id = ____waiter_0.id
    local row = ____waiter_0.row
    local share = shareOf(step, file.key, row.ownerKey)
    local waitNo = dequeue(step, file, waiter, "granted")
    if row.state == "open" then
        countShare(share, row.access, row.deny, -1)
        countOpen(
            step,
            file.row,
            row.access,
            row.deny,
            -1
        )
    else
        step.rows:link(
            keys.fileOpens(file.key),
            id,
            row.no
        )
    end
    row.access = row.toAccess or row.access
    row.deny = row.toDeny or row.deny
    row.toAccess = nil
    row.toDeny = nil
    row.parts = row.toParts
    row.toParts = nil
    row.state = "open"
    row.seqid = row.seqid + 1
    countShare(share, row.access, row.deny, 1)
    countOpen(
        step,
        file.row,
        row.access,
        row.deny,
        1
    )
    saveShare(step, file.key, row.ownerKey, share)
    step.rows:put("open", id, row)
    offerWith(step, file, id, row)
    noteGrant(step, file, row.ownerKey)
    record(step, {
        kind = "opened",
        openId = id,
        sessionId = row.sessionId,
        owner = row.owner,
        fileKey = file.key,
        exportName = row.exportName,
        path = row.path,
        access = row.access,
        turn = turn,
        waitNo = waitNo
    })
    return true
end
local function withdrawOpen(step, id, open)
    if open.state == "waiting" then
        leaveLists(
            step,
            keys.open(id),
            open
        )
        step.rows:del("open", id)
        saveShare(
            step,
            open.fileKey,
            open.ownerKey,
            withoutOpen(step, id, open)
        )
        return
    end
    open.toAccess = nil
    open.toDeny = nil
    open.toParts = nil
    step.rows:put("open", id, open)
end
function ____exports.endOpen(step, file, id, open, reason)
    if file == nil then
        return
    end
    local waiter = {kind = ____exports.openKind, id = id, row = open}
    if open.state == "waiting" then
        dropWaiter(step, file, waiter, reason == "holder" and "cancelled" or reason)
    else
        dequeue(step, file, waiter, reason == "holder" and "cancelled" or reason)
        local share = withoutOpen(step, id, open)
        countShare(share, open.access, open.deny, -1)
        countOpen(
            step,
            file.row,
            open.access,
            open.deny,
            -1
        )
        saveShare(step, file.key, open.ownerKey, share)
        step.rows:unlink(
            keys.fileOpens(file.key),
            id,
            open.no
        )
        leaveLists(
            step,
            keys.open(id),
            open
        )
        step.rows:del("open", id)
        rememberEnd(step, id, open, reason)
        record(step, {
            kind = "closed",
            openId = id,
            sessionId = open.sessionId,
            fileKey = file.key,
            exportName = open.exportName,
            path = open.path,
            reason = reason
        })
    end
end
____exports.openKind = {
    name = "open",
    letter = keys.letters.open,
    breaks = true,
    load = function(step, id) return step.rows:get("open", id) end,
    asks = function(row) return openAsks(row.toAccess or row.access, row.toDeny or row.deny) end,
    admit = admitOpen,
    mayFree = function() return true end,
    whyNot = function(step, file, waiter) return #opensRefusing(step, file, waiter, 1) > 0 and "share_denied" or nil end,
    isLost = function() return nil end,
    withdraw = function(step, _file, id, row)
        withdrawOpen(step, id, row)
    end,
    lapse = function() return nil end,
    named = function(id) return {openId = id} end,
    detached = function(id) return {openId = id} end,
    onlyWaits = function(row) return row.state == "waiting" end,
    staysOut = function(row) return row.state == "open" end,
    since = function(row) return row.no end,
    blocker = function(id, row) return ____exports.openBlocker(id, row) end,
    view = function(_step, id, row) return lockOfOpen(id, row) end,
    counted = "opens",
    ["end"] = ____exports.endOpen
}
return ____exports
 end,
["libs.locks.src.core.rules.kinds.permit"] = function(...)
local ____exports = {}
local forget
local keys = require("libs.locks.src.core.keys")
local ____lives = require("libs.locks.src.core.lives")
local isOfThisLife = ____lives.isOfThisLife
local ____step = require("libs.locks.src.core.step")
local count = ____step.count
local endOfList = ____step.endOfList
local mintToken = ____step.mintToken
local record = ____step.record
local wallOf = ____step.wallOf
local ____ended = require("libs.locks.src.core.rules.ended")
local rememberEnd = ____ended.rememberEnd
local ____file = require("libs.locks.src.core.rules.file")
local leaveLists = ____file.leaveLists
local noteGrant = ____file.noteGrant
local ____tenure = require("libs.locks.src.core.rules.tenure")
local beginTenure = ____tenure.beginTenure
local leaveTenure = ____tenure.leaveTenure
local showTenure = ____tenure.showTenure
local ____kind = require("libs.locks.src.core.rules.kinds.kind")
local dequeue = ____kind.dequeue
local dropWaiter = ____kind.dropWaiter
function forget(step, id, row)
    leaveLists(
        step,
        keys.permit(id),
        row
    )
    step.rows:del("permit", id)
end
function ____exports.semaphoreOf(file)
    return file.row.semaphore or ({limit = 0, held = 0})
end
local function isFull(file)
    local ____exports_semaphoreOf_result_0 = ____exports.semaphoreOf(file)
    local limit = ____exports_semaphoreOf_result_0.limit
    local held = ____exports_semaphoreOf_result_0.held
    return held >= limit
end
function ____exports.stateOfPermit(row)
    return row.token == 0 and "waiting" or "held"
end
local function holders(step, file, max)
    local found = {}
    for ____, ____value in ipairs(step.rows:page(
        keys.grants(file.key),
        0,
        endOfList,
        max
    )) do
        local member = ____value.member
        local row = step.rows:get("permit", member)
        if row ~= nil then
            found[#found + 1] = {id = member, row = row}
        end
    end
    return found
end
function ____exports.admitPermit(step, file, waiter, turn)
    if isFull(file) then
        return false
    end
    local ____waiter_1 = waiter
    local id = ____waiter_1.id
    local row = ____waiter_1.row
    local waitNo = dequeue(step, file, waiter, "granted")
    row.token = mintToken(step)
    beginTenure(
        step,
        file.exp,
        keys.permit(id),
        row
    )
    file.row.maxToken = row.token
    local ____exports_semaphoreOf_result_2, ____held_3 = ____exports.semaphoreOf(file), "held"
    ____exports_semaphoreOf_result_2[____held_3] = ____exports_semaphoreOf_result_2[____held_3] + 1
    count(step, "permits", 1)
    step.rows:link(
        keys.grants(file.key),
        id,
        row.token
    )
    step.rows:put("permit", id, row)
    noteGrant(step, file, row.ownerKey)
    local ____row_4 = row
    local sessionId = ____row_4.sessionId
    local owner = ____row_4.owner
    local exportName = ____row_4.exportName
    local path = ____row_4.path
    local token = ____row_4.token
    local ____record_16 = record
    local ____step_15 = step
    local ____id_6 = id
    local ____sessionId_7 = sessionId
    local ____owner_8 = owner
    local ____file_key_9 = file.key
    local ____exportName_10 = exportName
    local ____path_11 = path
    local ____token_12 = token
    local ____turn_13 = turn
    local ____waitNo_14 = waitNo
    local ____temp_5
    if row.endsAt == nil then
        ____temp_5 = nil
    else
        ____temp_5 = wallOf(step, row.endsAt)
    end
    ____record_16(____step_15, {
        kind = "permitted",
        lockId = ____id_6,
        sessionId = ____sessionId_7,
        owner = ____owner_8,
        fileKey = ____file_key_9,
        exportName = ____exportName_10,
        path = ____path_11,
        token = ____token_12,
        turn = ____turn_13,
        waitNo = ____waitNo_14,
        endsWall = ____temp_5
    })
    return true
end
function ____exports.endPermit(step, file, id, row, reason)
    if file == nil then
        return
    end
    if row.token == 0 then
        dropWaiter(step, file, {kind = ____exports.permitKind, id = id, row = row}, reason == "holder" and "cancelled" or reason)
        return
    end
    rememberEnd(step, id, row, reason)
    local ____exports_semaphoreOf_result_17, ____held_18 = ____exports.semaphoreOf(file), "held"
    ____exports_semaphoreOf_result_17[____held_18] = ____exports_semaphoreOf_result_17[____held_18] - 1
    count(step, "permits", -1)
    step.rows:unlink(
        keys.grants(file.key),
        id,
        row.token
    )
    leaveTenure(
        step,
        keys.permit(id),
        row
    )
    forget(step, id, row)
    local ____row_19 = row
    local sessionId = ____row_19.sessionId
    local owner = ____row_19.owner
    local exportName = ____row_19.exportName
    local path = ____row_19.path
    record(step, {
        kind = "surrendered",
        lockId = id,
        sessionId = sessionId,
        owner = owner,
        fileKey = file.key,
        exportName = exportName,
        path = path,
        reason = reason
    })
end
local space = {
    meets = function() return true end,
    ownerHas = function() return false end,
    inTheWay = function(step, file, _row, max) return holders(step, file, max) end,
    anyMakesRoom = true
}
____exports.permitKind = {
    name = "permit",
    letter = keys.letters.permit,
    breaks = false,
    own = space,
    load = function(step, id) return step.rows:get("permit", id) end,
    asks = function() return {} end,
    admit = ____exports.admitPermit,
    mayFree = function() return false end,
    whyNot = function(_step, file) return isFull(file) and "semaphore_full" or nil end,
    isLost = function() return nil end,
    withdraw = function(step, _file, id, row)
        forget(step, id, row)
    end,
    lapse = function() return nil end,
    named = function(id) return {waitId = id} end,
    detached = function() return nil end,
    onlyWaits = function(row) return row.token == 0 end,
    since = function(row) return row.token end,
    blocker = function(id, row)
        local ____row_20 = row
        local sessionId = ____row_20.sessionId
        local owner = ____row_20.owner
        local pid = ____row_20.pid
        return {
            id = id,
            kind = "permit",
            sessionId = sessionId,
            owner = owner,
            pid = pid,
            type = "permit",
            state = ____exports.stateOfPermit(row)
        }
    end,
    view = function(step, id, row)
        local ____row_21 = row
        local no = ____row_21.no
        local sessionId = ____row_21.sessionId
        local owner = ____row_21.owner
        local exportName = ____row_21.exportName
        local path = ____row_21.path
        local fileId = ____row_21.fileId
        local inode = ____row_21.inode
        local pid = ____row_21.pid
        local token = ____row_21.token
        local view = {
            id = id,
            no = no,
            kind = "permit",
            sessionId = sessionId,
            owner = owner,
            exportName = exportName,
            path = path,
            fileId = fileId,
            inode = inode,
            pid = pid,
            type = "permit",
            waits = token == 0 and "permit" or nil,
            state = ____exports.stateOfPermit(row),
            token = isOfThisLife(step, token) and token or nil
        }
        return showTenure(step, view, row)
    end,
    counted = "ranges",
    ["end"] = ____exports.endPermit
}
return ____exports
 end,
["libs.locks.src.core.rules.range-tree"] = function(...)
local ____exports = {}
local text, space, ownList, writeList, startList, nodeList, nodeAt, power, nodeOf, nodeText, list, move, useLevel, hold, reaching, next, previous, cut, split, setEnds, endRow, textLength, highest, word, exactLevel, searchPage
local keys = require("libs.locks.src.core.keys")
local ____step = require("libs.locks.src.core.step")
local count = ____step.count
local ____ended = require("libs.locks.src.core.rules.ended")
local rememberEnd = ____ended.rememberEnd
local ____file = require("libs.locks.src.core.rules.file")
local enterLists = ____file.enterLists
local leaveLists = ____file.leaveLists
local ____matrix = require("libs.locks.src.core.rules.matrix")
local verdict = ____matrix.verdict
function text(step, hi, lo)
    return step.rows:padded(hi) .. step.rows:padded(lo)
end
function ____exports.compare(aHi, aLo, bHi, bLo)
    return aHi == bHi and aLo - bLo or aHi - bHi
end
function ____exports.overlap(a, b)
    return ____exports.compare(a.startHi, a.startLo, b.endHi, b.endLo) <= 0 and ____exports.compare(b.startHi, b.startLo, a.endHi, a.endLo) <= 0
end
function space(kind)
    return kind == "flock" and "whole" or "bytes"
end
function ____exports.sameOwner(a, b)
    return a.ownerKey == b.ownerKey and a.class == b.class
end
function ownList(at)
    return keys.ownerRanges(
        at.fileKey,
        space(at.class),
        at.class,
        at.ownerKey
    )
end
function writeList(at)
    return keys.writeRanges(
        at.fileKey,
        space(at.class)
    )
end
function startList(at)
    return keys.readRanges(
        at.fileKey,
        space(at.class)
    )
end
function nodeList(at)
    return keys.rangeNodes(
        at.fileKey,
        space(at.class)
    )
end
function nodeAt(level, hi, lo)
    if level == exactLevel then
        return {level = level, hi = hi, lo = lo}
    end
    if level >= 32 then
        local size = power(level - 32)
        return {
            level = level,
            hi = math.floor(hi / (2 * size)) * 2 * size + size,
            lo = 0
        }
    end
    local size = power(level)
    return {
        level = level,
        hi = hi,
        lo = math.floor(lo / (2 * size)) * 2 * size + size
    }
end
function power(exponent)
    local n = 1
    do
        local i = 0
        while i < exponent do
            n = n * 2
            i = i + 1
        end
    end
    return n
end
function nodeOf(range)
    local inLow = range.startHi == range.endHi
    local a = inLow and range.startLo or range.startHi
    local b = inLow and range.endLo or range.endHi
    local level = exactLevel
    while a ~= b do
        a = math.floor(a / 2)
        b = math.floor(b / 2)
        level = level + 1
    end
    if level == exactLevel then
        return {level = level, hi = range.startHi, lo = range.startLo}
    end
    return nodeAt(inLow and level or level + 32, range.startHi, range.startLo)
end
function nodeText(step, node)
    return step.rows:padded(node.level + 1) .. text(step, node.hi, node.lo)
end
function list(step, id, row, by)
    local start = text(step, row.startHi, row.startLo)
    local ____end = text(step, row.endHi, row.endLo)
    move(
        step,
        ownList(row),
        ____end .. id,
        by
    )
    if row.type == "write" then
        move(
            step,
            writeList(row),
            ____end .. id,
            by
        )
        return
    end
    move(
        step,
        startList(row),
        start .. id,
        by
    )
    local node = nodeText(
        step,
        nodeOf(row)
    )
    move(
        step,
        nodeList(row),
        ((node .. "s") .. start) .. id,
        by
    )
    move(
        step,
        nodeList(row),
        ((node .. "e") .. ____end) .. id,
        by
    )
end
function move(step, name, member, by)
    if by == 1 then
        step.rows:link(name, member, 0)
    else
        step.rows:unlink(name, member, 0)
    end
end
function useLevel(file, level)
    local levels = file.row.levels or ({})
    for ____, each in ipairs(levels) do
        if each == level then
            return
        end
    end
    levels[#levels + 1] = level
    file.row.levels = levels
end
function hold(step, file, id, row, by)
    list(step, id, row, by)
    local ____file_row_0, ____ranges_1 = file.row, "ranges"
    ____file_row_0[____ranges_1] = ____file_row_0[____ranges_1] + by
    count(step, "ranges", by)
    if by == 1 and row.type == "read" then
        useLevel(
            file,
            nodeOf(row).level
        )
    end
    if file.row.ranges == 0 then
        file.row.levels = nil
    end
    if file.row.locked ~= nil then
        file.row.locked.stale = true
    end
end
function reaching(step, name, from, to, skip, ask, limit, found)
    local at = from
    while #found < limit do
        local members = step.rows:span(name, at, to, searchPage)
        for ____, member in ipairs(members) do
            do
                local __continue55
                repeat
                    at = member .. " "
                    local id = step.rows:tail(member, skip)
                    local row = step.rows:get("range", id)
                    if row == nil or ____exports.sameOwner(row, ask) then
                        __continue55 = true
                        break
                    end
                    if ____exports.compare(row.startHi, row.startLo, ask.startHi, ask.startLo) == 0 then
                        __continue55 = true
                        break
                    end
                    if #found < limit then
                        found[#found + 1] = {id = id, row = row}
                    end
                    __continue55 = true
                until true
                if not __continue55 then
                    break
                end
            end
        end
        if #members < searchPage then
            return
        end
    end
end
function ____exports.ownRanges(step, at, range)
    local before = previous(range.startHi, range.startLo)
    local after = next(range.endHi, range.endLo)
    local name = ownList(at)
    local found = {}
    local from = text(step, before.hi, before.lo)
    do
        while true do
            local members = step.rows:span(name, from, highest, searchPage)
            for ____, member in ipairs(members) do
                do
                    local __continue68
                    repeat
                        from = member .. " "
                        local id = step.rows:tail(member, textLength)
                        local row = step.rows:get("range", id)
                        if row == nil then
                            __continue68 = true
                            break
                        end
                        if ____exports.compare(row.startHi, row.startLo, after.hi, after.lo) > 0 then
                            return found
                        end
                        found[#found + 1] = {id = id, row = row}
                        __continue68 = true
                    until true
                    if not __continue68 then
                        break
                    end
                end
            end
            if #members < searchPage then
                return found
            end
        end
    end
end
function next(hi, lo)
    return lo == word - 1 and ({hi = hi + 1, lo = 0}) or ({hi = hi, lo = lo + 1})
end
function previous(hi, lo)
    if lo > 0 then
        return {hi = hi, lo = lo - 1}
    end
    return hi > 0 and ({hi = hi - 1, lo = word - 1}) or ({hi = 0, lo = 0})
end
function cut(step, file, own, range, splitId)
    local ____own_2 = own
    local id = ____own_2.id
    local row = ____own_2.row
    if not ____exports.overlap(row, range) then
        return false
    end
    local left = ____exports.compare(row.startHi, row.startLo, range.startHi, range.startLo) < 0
    local right = ____exports.compare(row.endHi, row.endLo, range.endHi, range.endLo) > 0
    hold(
        step,
        file,
        id,
        row,
        -1
    )
    local tail = {startHi = 0, startLo = 0, endHi = row.endHi, endLo = row.endLo}
    local after = next(range.endHi, range.endLo)
    tail.startHi = after.hi
    tail.startLo = after.lo
    if left then
        local before = previous(range.startHi, range.startLo)
        setEnds(row, {startHi = row.startHi, startLo = row.startLo, endHi = before.hi, endLo = before.lo})
        hold(
            step,
            file,
            id,
            row,
            1
        )
        step.rows:put("range", id, row)
        if right then
            split(
                step,
                file,
                row,
                tail,
                splitId
            )
        end
    elseif right then
        setEnds(row, tail)
        hold(
            step,
            file,
            id,
            row,
            1
        )
        step.rows:put("range", id, row)
    else
        endRow(step, id, row, "holder")
    end
    return true
end
function split(step, file, from, ends, id)
    local ref = {
        fileKey = from.fileKey,
        exportName = from.exportName,
        path = from.path,
        fileId = from.fileId,
        inode = from.inode
    }
    local taker = {
        owner = from.owner,
        ownerKey = from.ownerKey,
        clientKey = from.clientKey,
        sessionId = from.sessionId,
        pid = from.pid,
        file = ref
    }
    local row = ____exports.newRow(step, id, taker, from)
    setEnds(row, ends)
    hold(
        step,
        file,
        id,
        row,
        1
    )
    step.rows:put("range", id, row)
end
function ____exports.newRow(step, id, taker, ask)
    local ____taker_3 = taker
    local file = ____taker_3.file
    return {
        no = enterLists(
            step,
            keys.range(id),
            taker.sessionId,
            file.fileKey
        ),
        sessionId = taker.sessionId,
        owner = taker.owner,
        ownerKey = taker.ownerKey,
        clientKey = taker.clientKey,
        fileKey = file.fileKey,
        exportName = file.exportName,
        path = file.path,
        fileId = file.fileId,
        inode = file.inode,
        pid = taker.pid,
        class = ask.class,
        type = ask.type,
        startHi = ask.startHi,
        startLo = ask.startLo,
        endHi = ask.endHi,
        endLo = ask.endLo,
        state = "held",
        waitNo = 0,
        due = 0,
        splitId = "",
        body = taker.body
    }
end
function setEnds(row, ends)
    row.startHi = ends.startHi
    row.startLo = ends.startLo
    row.endHi = ends.endHi
    row.endLo = ends.endLo
end
function ____exports.dropRow(step, id, row)
    leaveLists(
        step,
        keys.range(id),
        row
    )
    step.rows:del("range", id)
end
function endRow(step, id, row, how)
    rememberEnd(step, id, row, how)
    ____exports.dropRow(step, id, row)
end
textLength = keys.offsetLength
highest = "~"
word = 4294967296
____exports.wholeFile = {startHi = 0, startLo = 0, endHi = 2147483647, endLo = 4294967295}
function ____exports.sameSpace(a, b)
    return space(a) == space(b)
end
function ____exports.typesConflict(kind, held, wanted)
    if kind == "flock" then
        return verdict(held == "read" and "flockRead" or "flockWrite", wanted == "read" and "flockRead" or "flockWrite") == "refused"
    end
    return verdict(held == "read" and "rangeRead" or "rangeWrite", wanted == "read" and "rangeRead" or "rangeWrite") == "refused"
end
exactLevel = -1
searchPage = 16
local function collect(step, name, from, to, skip, ask, limit, found)
    local at = from
    while #found < limit do
        local members = step.rows:span(name, at, to, searchPage)
        for ____, member in ipairs(members) do
            do
                local __continue39
                repeat
                    at = member .. " "
                    local id = step.rows:tail(member, skip)
                    local row = step.rows:get("range", id)
                    if row == nil then
                        __continue39 = true
                        break
                    end
                    if ____exports.compare(row.startHi, row.startLo, ask.endHi, ask.endLo) > 0 then
                        return
                    end
                    if not ____exports.sameOwner(row, ask) and #found < limit then
                        found[#found + 1] = {id = id, row = row}
                    end
                    __continue39 = true
                until true
                if not __continue39 then
                    break
                end
            end
        end
        if #members < searchPage then
            return
        end
    end
end
function ____exports.rangesInTheWay(step, file, ask, limit)
    local found = {}
    if file.row.ranges == 0 then
        return found
    end
    local start = text(step, ask.startHi, ask.startLo)
    local ____end = text(step, ask.endHi, ask.endLo)
    if ____exports.typesConflict(ask.class, "write", ask.type) then
        collect(
            step,
            writeList(ask),
            start,
            highest,
            textLength,
            ask,
            limit,
            found
        )
    end
    if not ____exports.typesConflict(ask.class, "read", ask.type) then
        return found
    end
    for ____, level in ipairs(file.row.levels or ({})) do
        local node = nodeAt(level, ask.startHi, ask.startLo)
        local name = nodeText(step, node)
        local skip = 10 + textLength + 1 + textLength
        if ____exports.compare(ask.startHi, ask.startLo, node.hi, node.lo) >= 0 then
            reaching(
                step,
                nodeList(ask),
                (name .. "e") .. start,
                (name .. "e") .. highest,
                skip,
                ask,
                limit,
                found
            )
        else
            reaching(
                step,
                nodeList(ask),
                name .. "s",
                ((name .. "s") .. start) .. highest,
                skip,
                ask,
                limit,
                found
            )
        end
    end
    collect(
        step,
        startList(ask),
        start,
        ____end .. highest,
        textLength,
        ask,
        limit,
        found
    )
    return found
end
function ____exports.ownsInTheWay(step, file, owner, ask)
    for ____, ____value in ipairs(____exports.ownRanges(step, {fileKey = file.key, class = owner.class, ownerKey = owner.ownerKey}, ask)) do
        local row = ____value.row
        if ____exports.overlap(row, ask) and ____exports.typesConflict(ask.class, row.type, ask.type) then
            return true
        end
    end
    return false
end
____exports.rowsPerRange = 2
function ____exports.takeRange(step, file, taker, ask, newId, splitId)
    local whole = {startHi = ask.startHi, startLo = ask.startLo, endHi = ask.endHi, endLo = ask.endLo}
    local kept
    for ____, own in ipairs(____exports.ownRanges(step, ask, ask)) do
        do
            local __continue77
            repeat
                if own.row.type ~= ask.type then
                    cut(
                        step,
                        file,
                        own,
                        ask,
                        splitId
                    )
                    __continue77 = true
                    break
                end
                if ____exports.compare(own.row.startHi, own.row.startLo, whole.startHi, whole.startLo) < 0 then
                    whole.startHi = own.row.startHi
                    whole.startLo = own.row.startLo
                end
                if ____exports.compare(own.row.endHi, own.row.endLo, whole.endHi, whole.endLo) > 0 then
                    whole.endHi = own.row.endHi
                    whole.endLo = own.row.endLo
                end
                hold(
                    step,
                    file,
                    own.id,
                    own.row,
                    -1
                )
                if kept == nil then
                    kept = own
                else
                    endRow(step, own.id, own.row, "holder")
                end
                __continue77 = true
            until true
            if not __continue77 then
                break
            end
        end
    end
    local id = kept == nil and newId or kept.id
    local row = kept == nil and ____exports.newRow(step, id, taker, ask) or kept.row
    setEnds(row, whole)
    hold(
        step,
        file,
        id,
        row,
        1
    )
    step.rows:put("range", id, row)
    return id
end
function ____exports.giveUpRange(step, file, at, range, splitId)
    local found = false
    for ____, own in ipairs(____exports.ownRanges(step, at, range)) do
        found = cut(
            step,
            file,
            own,
            range,
            splitId
        ) or found
    end
    return found
end
function ____exports.ownInTheWay(step, ask)
    for ____, own in ipairs(____exports.ownRanges(step, ask, ask)) do
        if own.row.type == ask.type or ____exports.overlap(own.row, ask) then
            return own
        end
    end
    return nil
end
function ____exports.splits(step, at, range)
    for ____, ____value in ipairs(____exports.ownRanges(step, at, range)) do
        local row = ____value.row
        local left = ____exports.compare(row.startHi, row.startLo, range.startHi, range.startLo) < 0
        if left and ____exports.compare(row.endHi, row.endLo, range.endHi, range.endLo) > 0 then
            return true
        end
    end
    return false
end
function ____exports.unlockRow(step, file, id, row, how)
    hold(
        step,
        file,
        id,
        row,
        -1
    )
    endRow(step, id, row, how)
end
return ____exports
 end,
["libs.locks.src.core.format"] = function(...)
local ____exports = {}
local keys = require("libs.locks.src.core.keys")
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local nextSeq = ____step.nextSeq
____exports.formatFirst = 2
____exports.formatOfNotices = 3
____exports.formatOfExportGrace = 3
____exports.formatOfKernelRanges = 4
____exports.formatOfShards = 5
____exports.formatOfTwins = 6
____exports.formatNewest = 6
local serversMax = 1000
function ____exports.formatOf(meta)
    return meta.format or ____exports.formatFirst
end
function ____exports.listServer(step, id)
    local ____step_0 = step
    local rows = ____step_0.rows
    for ____, ____value in ipairs(rows:page(keys.servers, 0, endOfList, serversMax)) do
        local member = ____value.member
        local score = ____value.score
        if rows:get("server", member) == nil then
            rows:unlink(keys.servers, member, score)
        end
    end
    local no = nextSeq(step)
    rows:link(keys.servers, id, no)
    return no
end
function ____exports.serversOf(step)
    local ids = {}
    for ____, ____value in ipairs(step.rows:page(keys.servers, 0, endOfList, serversMax)) do
        local member = ____value.member
        if step.rows:get("server", member) ~= nil then
            ids[#ids + 1] = member
        end
    end
    return {
        ids = ids,
        silent = math.max(0, (step.meta.servers or 0) - #ids)
    }
end
function ____exports.raiseFormat(step, format)
    local ____step_1 = step
    local meta = ____step_1.meta
    local rows = ____step_1.rows
    if format <= ____exports.formatOf(meta) then
        return
    end
    local ____exports_serversOf_result_2 = ____exports.serversOf(step)
    local ids = ____exports_serversOf_result_2.ids
    local silent = ____exports_serversOf_result_2.silent
    if silent > 0 then
        return
    end
    local all = format
    for ____, id in ipairs(ids) do
        local ____all_5 = all
        local ____opt_3 = rows:get("server", id)
        all = math.min(____all_5, ____opt_3 and ____opt_3.format or ____exports.formatFirst)
    end
    if all <= ____exports.formatOf(meta) then
        return
    end
    meta.format = all
    step.changed = true
end
return ____exports
 end,
["libs.locks.src.core.rules.range-backing"] = function(...)
local ____exports = {}
local ____format = require("libs.locks.src.core.format")
local formatOf = ____format.formatOf
local formatOfKernelRanges = ____format.formatOfKernelRanges
local ____file = require("libs.locks.src.core.rules.file")
local standsAlone = ____file.standsAlone
local ____hold = require("libs.locks.src.core.rules.hold")
local mayAsk = ____hold.mayAsk
local ____range_2Dtree = require("libs.locks.src.core.rules.range-tree")
local compare = ____range_2Dtree.compare
local ownRanges = ____range_2Dtree.ownRanges
function ____exports.cannotAsk(exp, file)
    if not mayAsk(exp) or file ~= nil and (exp["local"] or file.placeholder == true) then
        return "no_backend"
    end
    local ____temp_3
    if exp.locksRanges == true then
        ____temp_3 = nil
    else
        ____temp_3 = "ranges_unsupported"
    end
    return ____temp_3
end
____exports.backedRangesMax = 1024
function ____exports.backsRanges(____bindingPattern0)
    local exp
    exp = ____bindingPattern0.exp
    local ____opt_0 = exp.own
    return (____opt_0 and ____opt_0.ranges) == "kernel"
end
function ____exports.rangesMaxOf(step, file)
    local ____step_meta_limits_2 = step.meta.limits
    local rangesMax = ____step_meta_limits_2.rangesMax
    return ____exports.backsRanges(file) and math.min(rangesMax, ____exports.backedRangesMax) or rangesMax
end
function ____exports.cannotBack(file)
    if not ____exports.backsRanges(file) then
        return nil
    end
    return standsAlone(file) and "no_backend" or ____exports.cannotAsk(file.exp)
end
function ____exports.noteDoubt(exp)
    if ____exports.backsRanges({exp = exp}) then
        exp.doubts = (exp.doubts or 0) + 1
    end
end
function ____exports.mayBackRanges(step, exp, stack)
    if stack == "local" or formatOf(step.meta) < formatOfKernelRanges then
        return false
    end
    return exp == nil or exp.stack ~= stack or exp.state ~= "up" or exp.locksRanges == true
end
function ____exports.mustAsk(step, file, row)
    if not ____exports.backsRanges(file) then
        return false
    end
    local ____file_row_4 = file.row
    local locked = ____file_row_4.locked
    if locked ~= nil and locked.ask == nil and row.locked == true and row.askedIn == locked.gen then
        return locked.incarnation ~= file.exp.incarnation
    end
    for ____, ____value in ipairs(ownRanges(step, row, row)) do
        local own = ____value.row
        local strong = own.type == "write" or row.type == "read"
        local begins = compare(own.startHi, own.startLo, row.startHi, row.startLo) <= 0
        if strong and begins and compare(own.endHi, own.endLo, row.endHi, row.endLo) >= 0 then
            return false
        end
    end
    return true
end
function ____exports.areLocked(step, file)
    local ____file_row_5 = file.row
    local locked = ____file_row_5.locked
    return (locked and locked.sure) == true and locked.epoch >= (step.meta.restoredIn or 0) and locked.incarnation == file.exp.incarnation and mayAsk(file.exp)
end
return ____exports
 end,
["libs.locks.src.core.rules.stateid"] = function(...)
local ____exports = {}
local claimed, hasRoomForLocks
local keys = require("libs.locks.src.core.keys")
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local ____step = require("libs.locks.src.core.step")
local earlier = ____step.earlier
local endOfList = ____step.endOfList
local nextSeq = ____step.nextSeq
local setDue = ____step.setDue
local ____admission = require("libs.locks.src.core.rules.admission")
local gate = ____admission.gate
local ____ended = require("libs.locks.src.core.rules.ended")
local rememberEnd = ____ended.rememberEnd
local wasTaken = ____ended.wasTaken
local ____file = require("libs.locks.src.core.rules.file")
local enterSession = ____file.enterSession
local leaveSession = ____file.leaveSession
local saveShare = ____file.saveShare
local shareOf = ____file.shareOf
local ____range_2Dtree = require("libs.locks.src.core.rules.range-tree")
local overlap = ____range_2Dtree.overlap
local ownRanges = ____range_2Dtree.ownRanges
local wholeFile = ____range_2Dtree.wholeFile
function claimed(step, id, state, range)
    if state.unclaimed == nil then
        return
    end
    local left = {}
    for ____, each in ipairs(state.unclaimed) do
        if not overlap(each, range) then
            left[#left + 1] = each
        end
    end
    ____exports.keepUnclaimed(step, id, state, left)
end
function ____exports.keepUnclaimed(step, id, state, unclaimed)
    local due = 0
    for ____, each in ipairs(unclaimed) do
        due = earlier(due, each["until"])
    end
    local ____state_13 = state
    local ____temp_12
    if #unclaimed == 0 then
        ____temp_12 = nil
    else
        ____temp_12 = unclaimed
    end
    ____state_13.unclaimed = ____temp_12
    setDue(
        step,
        keys.lockState(id),
        state,
        due
    )
    step.rows:put("lockState", id, state)
end
function hasRoomForLocks(step, openId)
    return #step.rows:page(
        keys.openLocks(openId),
        0,
        endOfList,
        ____exports.locksOfOpenMax
    ) < ____exports.locksOfOpenMax
end
function ____exports.gateShown(step, shown, digest)
    local ____temp_0
    if shown == nil then
        ____temp_0 = nil
    else
        ____temp_0 = gate(step, shown.sessionId, digest)
    end
    return ____temp_0
end
function ____exports.notPresent(shown, row)
    if shown == nil then
        return nil
    end
    if row.sessionId ~= shown.sessionId or shown.seqid > row.seqid or row.seqid == 0 then
        return refuse("no_such_lock")
    end
    return shown.seqid ~= 0 and shown.seqid < row.seqid and refuse("seqid_old") or nil
end
function ____exports.unknownStateid(step, id, shown)
    return shown ~= nil and wasTaken(step, id, shown.sessionId) and refuse("state_expired") or refuse("no_such_lock")
end
function ____exports.isRepeat(shown, row)
    return (shown and shown.requestId) ~= nil and row.request == shown.requestId
end
function ____exports.hasEnded(step, id, shown)
    local ended = step.rows:get("ended", id)
    return ended ~= nil and ____exports.isRepeat(shown, ended)
end
function ____exports.fileShown(step, shown)
    if shown.id == nil then
        return nil
    end
    local row = step.rows:get(shown.of == "lock" and "lockState" or "open", shown.id)
    local ____temp_3
    if row == nil or row.sessionId ~= shown.sessionId then
        ____temp_3 = nil
    else
        ____temp_3 = row.fileKey
    end
    return ____temp_3
end
local function lockStateOf(step, fileKey, ownerKey)
    local ____shareOf_result_4 = shareOf(step, fileKey, ownerKey)
    local lockId = ____shareOf_result_4.lockId
    local ____temp_5
    if lockId == nil then
        ____temp_5 = nil
    else
        ____temp_5 = step.rows:get("lockState", lockId)
    end
    return ____temp_5
end
local function permits(access, ____type)
    return access == "both" or access == ____type
end
function ____exports.repeatedLock(step, fileKey, ownerKey, shown)
    local ____shareOf_result_6 = shareOf(step, fileKey, ownerKey)
    local lockId = ____shareOf_result_6.lockId
    local known = lockStateOf(step, fileKey, ownerKey)
    if lockId == nil or known == nil or not ____exports.isRepeat(shown, known) then
        return nil
    end
    return {id = lockId, seqid = known.seqid}
end
function ____exports.lockRefusal(step, row, shown)
    local known = lockStateOf(step, row.fileKey, row.ownerKey)
    if shown.id == nil then
        return nil
    end
    local openId = shown.id
    if shown.of == "lock" then
        local named = step.rows:get("lockState", shown.id)
        if named == nil or named.ownerKey ~= row.ownerKey then
            return ____exports.unknownStateid(step, shown.id, shown)
        end
        local away = ____exports.notPresent(shown, named)
        if away ~= nil then
            return away
        end
        openId = named.openId
    end
    local ____temp_7
    if openId == nil then
        ____temp_7 = nil
    else
        ____temp_7 = step.rows:get("open", openId)
    end
    local open = ____temp_7
    if shown.of == "open" then
        if open == nil then
            return ____exports.unknownStateid(step, shown.id, shown)
        end
        local away = ____exports.notPresent(shown, open)
        if away ~= nil then
            return away
        end
        if known == nil and not hasRoomForLocks(step, shown.id) then
            return refuse("session_locks_max")
        end
    end
    local ____temp_8
    if open == nil or permits(open.access, row.type) then
        ____temp_8 = nil
    else
        ____temp_8 = refuse("open_mode")
    end
    return ____temp_8
end
function ____exports.noteLock(step, row, shown, granted)
    local share = shareOf(step, row.fileKey, row.ownerKey)
    local known = lockStateOf(step, row.fileKey, row.ownerKey)
    if known == nil then
        local ____row_9 = row
        local sessionId = ____row_9.sessionId
        local owner = ____row_9.owner
        local ownerKey = ____row_9.ownerKey
        local clientKey = ____row_9.clientKey
        local fileKey = ____row_9.fileKey
        known = {
            no = nextSeq(step),
            sessionId = sessionId,
            owner = owner,
            ownerKey = ownerKey,
            clientKey = clientKey,
            fileKey = fileKey,
            seqid = 0,
            due = 0
        }
        share.lockId = shown.freshId
        if shown.of == "open" and shown.id ~= nil then
            known.openId = shown.id
            step.rows:link(
                keys.openLocks(shown.id),
                shown.freshId,
                known.no
            )
        end
        saveShare(step, fileKey, ownerKey, share)
        enterSession(
            step,
            sessionId,
            keys.lockState(shown.freshId),
            known.no
        )
    end
    local id = share.lockId or shown.freshId
    if granted then
        known.seqid = known.seqid + 1
        known.request = shown.requestId
        claimed(step, id, known, row)
    end
    step.rows:put("lockState", id, known)
    return {id = id, seqid = known.seqid}
end
function ____exports.noteUnlock(step, shown, state, range)
    claimed(step, shown.id, state, range)
    state.seqid = state.seqid + 1
    state.request = shown.requestId
    step.rows:put("lockState", shown.id, state)
end
function ____exports.awaitClaim(step, waitId, row, claimMs)
    local ____shareOf_result_10 = shareOf(step, row.fileKey, row.ownerKey)
    local lockId = ____shareOf_result_10.lockId
    local state = lockStateOf(step, row.fileKey, row.ownerKey)
    if lockId == nil or state == nil then
        return
    end
    local ____row_11 = row
    local startHi = ____row_11.startHi
    local startLo = ____row_11.startLo
    local endHi = ____row_11.endHi
    local endLo = ____row_11.endLo
    local splitId = ____row_11.splitId
    local unclaimed = state.unclaimed or ({})
    unclaimed[#unclaimed + 1] = {
        startHi = startHi,
        startLo = startLo,
        endHi = endHi,
        endLo = endLo,
        ["until"] = step.now + claimMs,
        waitId = waitId,
        splitId = splitId
    }
    ____exports.keepUnclaimed(step, lockId, state, unclaimed)
end
function ____exports.holdsLocks(step, state)
    local at = {fileKey = state.fileKey, class = "posix", ownerKey = state.ownerKey}
    for ____, ____value in ipairs(ownRanges(step, at, wholeFile)) do
        local id = ____value.id
        return id
    end
    return nil
end
function ____exports.forgetLockState(step, id, state)
    local share = shareOf(step, state.fileKey, state.ownerKey)
    share.lockId = nil
    saveShare(step, state.fileKey, state.ownerKey, share)
    if state.openId ~= nil then
        step.rows:unlink(
            keys.openLocks(state.openId),
            id,
            state.no
        )
    end
    leaveSession(
        step,
        state.sessionId,
        keys.lockState(id),
        state.no
    )
    setDue(
        step,
        keys.lockState(id),
        state,
        0
    )
    step.rows:del("lockState", id)
end
____exports.locksOfOpenMax = 1024
function ____exports.closeLocks(step, openId)
    local page = step.rows:page(
        keys.openLocks(openId),
        0,
        endOfList,
        ____exports.locksOfOpenMax
    )
    for ____, entry in ipairs(page) do
        local state = step.rows:get("lockState", entry.member)
        local ____temp_14
        if state == nil then
            ____temp_14 = nil
        else
            ____temp_14 = ____exports.holdsLocks(step, state)
        end
        local held = ____temp_14
        if held ~= nil then
            return {refused = {reason = "locks_held", leaseId = held}}
        end
    end
    for ____, entry in ipairs(page) do
        local state = step.rows:get("lockState", entry.member)
        if state ~= nil then
            ____exports.forgetLockState(step, entry.member, state)
        end
    end
    return nil
end
function ____exports.rememberRequest(step, id, row, shown, how)
    if (shown and shown.requestId) ~= nil then
        rememberEnd(
            step,
            id,
            row,
            how,
            {request = shown.requestId}
        )
    end
end
return ____exports
 end,
["libs.locks.src.core.rules.kinds.range"] = function(...)
local ____exports = {}
local weakens
local keys = require("libs.locks.src.core.keys")
local ____step = require("libs.locks.src.core.step")
local record = ____step.record
local ____file = require("libs.locks.src.core.rules.file")
local loadFile = ____file.loadFile
local noteGrant = ____file.noteGrant
local ____range_2Dtree = require("libs.locks.src.core.rules.range-tree")
local dropRow = ____range_2Dtree.dropRow
local overlap = ____range_2Dtree.overlap
local ownRanges = ____range_2Dtree.ownRanges
local ownInTheWay = ____range_2Dtree.ownInTheWay
local ownsInTheWay = ____range_2Dtree.ownsInTheWay
local rangesInTheWay = ____range_2Dtree.rangesInTheWay
local sameOwner = ____range_2Dtree.sameOwner
local sameSpace = ____range_2Dtree.sameSpace
local takeRange = ____range_2Dtree.takeRange
local typesConflict = ____range_2Dtree.typesConflict
local unlockRow = ____range_2Dtree.unlockRow
local ____range_2Dbacking = require("libs.locks.src.core.rules.range-backing")
local areLocked = ____range_2Dbacking.areLocked
local mustAsk = ____range_2Dbacking.mustAsk
local ____stateid = require("libs.locks.src.core.rules.stateid")
local awaitClaim = ____stateid.awaitClaim
local ____kind = require("libs.locks.src.core.rules.kinds.kind")
local dropWaiter = ____kind.dropWaiter
local dequeue = ____kind.dequeue
function weakens(step, row)
    if row.type == "write" then
        return false
    end
    for ____, own in ipairs(ownRanges(step, row, row)) do
        if own.row.type == "write" then
            return true
        end
    end
    return false
end
function ____exports.rangeBlocker(id, range)
    return {
        id = id,
        kind = range.class,
        sessionId = range.sessionId,
        owner = range.owner,
        pid = range.pid,
        type = range.type,
        state = range.state,
        startHi = range.startHi,
        startLo = range.startLo,
        endHi = range.endHi,
        endLo = range.endLo
    }
end
function ____exports.isBacked(step, range)
    local ____temp_0
    if range.state == "held" then
        ____temp_0 = loadFile(step, range.fileKey)
    else
        ____temp_0 = nil
    end
    local file = ____temp_0
    return file ~= nil and areLocked(step, file)
end
local function lockOfRange(step, id, range)
    return {
        backed = ____exports.isBacked(step, range),
        id = id,
        no = range.no,
        kind = range.class,
        sessionId = range.sessionId,
        owner = range.owner,
        exportName = range.exportName,
        path = range.path,
        fileId = range.fileId,
        inode = range.inode,
        pid = range.pid,
        type = range.type,
        waits = range.state == "waiting" and range.type or nil,
        state = range.state,
        startHi = range.startHi,
        startLo = range.startLo,
        endHi = range.endHi,
        endLo = range.endLo
    }
end
local function admitRange(step, file, waiter)
    local ____waiter_1 = waiter
    local id = ____waiter_1.id
    local row = ____waiter_1.row
    if #rangesInTheWay(step, file, row, 1) > 0 or mustAsk(step, file, row) then
        return false
    end
    local waitNo = dequeue(step, file, waiter, "granted")
    dropRow(step, id, row)
    local ref = {
        fileKey = file.key,
        exportName = row.exportName,
        path = row.path,
        fileId = row.fileId,
        inode = row.inode
    }
    local ____row_2 = row
    local owner = ____row_2.owner
    local ownerKey = ____row_2.ownerKey
    local clientKey = ____row_2.clientKey
    local sessionId = ____row_2.sessionId
    local pid = ____row_2.pid
    local body = ____row_2.body
    local taker = {
        owner = owner,
        ownerKey = ownerKey,
        clientKey = clientKey,
        sessionId = sessionId,
        pid = pid,
        file = ref,
        body = body
    }
    local ____file_row_3 = file.row
    local locked = ____file_row_3.locked
    local known = (locked and locked.stale) == false and not weakens(step, row)
    local rangeId = takeRange(
        step,
        file,
        taker,
        row,
        id,
        row.splitId
    )
    if known then
        locked.stale = false
    end
    noteGrant(step, file, ownerKey)
    record(step, {
        kind = "locked",
        waitId = id,
        rangeId = rangeId,
        sessionId = sessionId,
        owner = owner,
        fileKey = file.key,
        exportName = row.exportName,
        path = row.path,
        type = row.type,
        turn = true,
        waitNo = waitNo
    })
    if row.claimMs ~= nil then
        awaitClaim(step, id, row, row.claimMs)
    end
    return true
end
local function endRange(step, file, id, range, reason)
    if file == nil then
        return
    end
    if range.state == "waiting" then
        dropWaiter(step, file, {kind = ____exports.rangeKind, id = id, row = range}, reason)
        return
    end
    unlockRow(
        step,
        file,
        id,
        range,
        reason
    )
    if reason == "cancelled" or reason == "session_expired" or reason == "session_ended" then
        return
    end
    local ____range_6 = range
    local sessionId = ____range_6.sessionId
    local owner = ____range_6.owner
    local exportName = ____range_6.exportName
    local path = ____range_6.path
    record(step, {
        kind = "taken",
        rangeId = id,
        sessionId = sessionId,
        owner = owner,
        fileKey = file.key,
        exportName = exportName,
        path = path,
        reason = reason
    })
end
local space = {
    meets = function(a, b) return sameSpace(a.class, b.class) and not sameOwner(a, b) and overlap(a, b) and typesConflict(b.class, a.type, b.type) end,
    ownerHas = function(step, file, earlier, ____bindingPattern0)
        local kind
        local ownerKey
        ownerKey = ____bindingPattern0.ownerKey
        kind = ____bindingPattern0.class
        return ownsInTheWay(step, file, {ownerKey = ownerKey, class = kind}, earlier)
    end,
    inTheWay = rangesInTheWay
}
____exports.rangeKind = {
    name = "range",
    letter = keys.letters.range,
    breaks = false,
    own = space,
    load = function(step, id) return step.rows:get("range", id) end,
    asks = function() return {} end,
    admit = admitRange,
    mayFree = function(row) return row.type == "read" end,
    whyNot = function(step, file, ____bindingPattern0)
        local row
        row = ____bindingPattern0.row
        return #rangesInTheWay(step, file, row, 1) > 0 and "range_conflict" or row.refusedBy
    end,
    isLost = function(step, _file, row) return row.body ~= nil and ownInTheWay(step, row) ~= nil and "owner_has_range" or nil end,
    withdraw = function(step, _file, id, row)
        dropRow(step, id, row)
    end,
    late = function(row) return row.atOnce == true and "fileserver_timeout" or "wait_elapsed" end,
    lapse = function() return nil end,
    named = function(id) return {waitId = id} end,
    detached = function(id) return {rangeId = id} end,
    onlyWaits = function(row) return row.state == "waiting" end,
    staysOut = function(row) return row.state == "held" end,
    since = function(row) return row.no end,
    blocker = function(id, row) return ____exports.rangeBlocker(id, row) end,
    view = function(step, id, row) return lockOfRange(step, id, row) end,
    counted = "ranges",
    ["end"] = endRange
}
return ____exports
 end,
["libs.locks.src.core.rules.kinds.table"] = function(...)
local ____exports = {}
local keys = require("libs.locks.src.core.keys")
local ____change = require("libs.locks.src.core.rules.kinds.change")
local changeKind = ____change.changeKind
local ____dlm = require("libs.locks.src.core.rules.kinds.dlm")
local dlmKind = ____dlm.dlmKind
local ____lease = require("libs.locks.src.core.rules.kinds.lease")
local leaseKind = ____lease.leaseKind
local ____open = require("libs.locks.src.core.rules.kinds.open")
local openKind = ____open.openKind
local ____permit = require("libs.locks.src.core.rules.kinds.permit")
local permitKind = ____permit.permitKind
local ____range = require("libs.locks.src.core.rules.kinds.range")
local rangeKind = ____range.rangeKind
____exports.lockKinds = {
    leaseKind,
    openKind,
    rangeKind,
    changeKind,
    dlmKind,
    permitKind
}
function ____exports.kindOf(step, member)
    local letter = keys.letterOf(step.rows, member)
    for ____, kind in ipairs(____exports.lockKinds) do
        if kind.letter == letter then
            return kind
        end
    end
    return nil
end
function ____exports.lockOf(step, member)
    local kind = ____exports.kindOf(step, member)
    local id = keys.idOf(step.rows, member)
    local row = kind and kind.load(step, id)
    local ____temp_2
    if kind == nil or row == nil then
        ____temp_2 = nil
    else
        ____temp_2 = {kind = kind, id = id, row = row}
    end
    return ____temp_2
end
function ____exports.lockById(step, id)
    for ____, kind in ipairs(____exports.lockKinds) do
        local row = kind.load(step, id)
        if row ~= nil then
            return {kind = kind, id = id, row = row}
        end
    end
    return nil
end
return ____exports
 end,
["libs.locks.src.core.rules.takeover"] = function(...)
local ____exports = {}
local takeOwn, takeForOpen, leasesInTheWay, takeOpen, takeRangeFrom, takeLocks, looked
local keys = require("libs.locks.src.core.keys")
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local ____break = require("libs.locks.src.core.rules.break")
local freshen = ____break.freshen
local isBreaking = ____break.isBreaking
local ____courtesy = require("libs.locks.src.core.rules.courtesy")
local isCourteous = ____courtesy.isCourteous
local ____ended = require("libs.locks.src.core.rules.ended")
local rememberEnd = ____ended.rememberEnd
local ____file = require("libs.locks.src.core.rules.file")
local isRevoked = ____file.isRevoked
local shareOf = ____file.shareOf
local standsAlone = ____file.standsAlone
local ____hold = require("libs.locks.src.core.rules.hold")
local syncHold = ____hold.syncHold
local ____lease = require("libs.locks.src.core.rules.kinds.lease")
local loseLease = ____lease.loseLease
local ____open = require("libs.locks.src.core.rules.kinds.open")
local endOpen = ____open.endOpen
local ____range_2Dtree = require("libs.locks.src.core.rules.range-tree")
local ownRanges = ____range_2Dtree.ownRanges
local unlockRow = ____range_2Dtree.unlockRow
local wholeFile = ____range_2Dtree.wholeFile
local ____stateid = require("libs.locks.src.core.rules.stateid")
local forgetLockState = ____stateid.forgetLockState
local locksOfOpenMax = ____stateid.locksOfOpenMax
local ____way = require("libs.locks.src.core.rules.way")
local mindsLease = ____way.mindsLease
local opensRefusing = ____way.opensRefusing
function takeOwn(step, file, ____bindingPattern0)
    local row
    local kind
    kind = ____bindingPattern0.kind
    row = ____bindingPattern0.row
    local found = kind.own == nil and ({}) or kind.own.inTheWay(step, file, row, looked)
    for ____, each in ipairs(found) do
        if not isCourteous(step, each.row.sessionId) then
            return
        end
    end
    for ____, ____value in ipairs(found) do
        local id = ____value.id
        local range = step.rows:get("range", id)
        if range ~= nil then
            takeRangeFrom(step, file, id, range)
        end
    end
end
function takeForOpen(step, file, waiter)
    local opens = opensRefusing(step, file, waiter, looked)
    for ____, ____value in ipairs(opens) do
        local row = ____value.row
        if not isCourteous(step, row.sessionId) then
            return
        end
    end
    local leases = leasesInTheWay(step, file, waiter)
    if leases == nil then
        return
    end
    for ____, ____value in ipairs(opens) do
        local id = ____value.id
        local row = ____value.row
        takeOpen(step, file, id, row)
    end
    for ____, ____value in ipairs(leases) do
        local id = ____value.id
        local row = ____value.row
        loseLease(
            step,
            file,
            id,
            row,
            "expired"
        )
    end
end
function leasesInTheWay(step, file, waiter)
    local found = {}
    local ____file_0 = file
    local row = ____file_0.row
    local ____opt_1 = row.breaking
    if (____opt_1 and ____opt_1.yielded) == true or row.reads == 0 and row.writer == nil then
        return found
    end
    for ____, ____value in ipairs(step.rows:page(
        keys.grants(file.key),
        0,
        endOfList,
        looked
    )) do
        local member = ____value.member
        do
            local __continue25
            repeat
                local lease = step.rows:get("lease", member)
                if lease == nil or isRevoked(row, lease) then
                    __continue25 = true
                    break
                end
                if lease.ownerKey == waiter.row.ownerKey or not mindsLease(waiter, lease) then
                    __continue25 = true
                    break
                end
                if isCourteous(step, lease.sessionId) then
                    found[#found + 1] = {id = member, row = lease}
                elseif not waiter.kind.breaks then
                    return nil
                end
                __continue25 = true
            until true
            if not __continue25 then
                break
            end
        end
    end
    return found
end
function takeOpen(step, file, id, open)
    for ____, ____value in ipairs(step.rows:page(
        keys.openLocks(id),
        0,
        endOfList,
        locksOfOpenMax
    )) do
        local member = ____value.member
        local state = step.rows:get("lockState", member)
        if state ~= nil then
            takeLocks(step, file, member, state)
        end
    end
    endOpen(
        step,
        file,
        id,
        open,
        "session_expired"
    )
    rememberEnd(
        step,
        id,
        open,
        "session_expired",
        {taken = true}
    )
end
function takeRangeFrom(step, file, id, range)
    local ____shareOf_result_3 = shareOf(step, file.key, range.ownerKey)
    local lockId = ____shareOf_result_3.lockId
    local ____temp_4
    if lockId == nil then
        ____temp_4 = nil
    else
        ____temp_4 = step.rows:get("lockState", lockId)
    end
    local state = ____temp_4
    if lockId ~= nil and state ~= nil and range.class == "posix" then
        takeLocks(step, file, lockId, state)
    else
        unlockRow(
            step,
            file,
            id,
            range,
            "session_expired"
        )
    end
end
function takeLocks(step, file, id, state)
    local at = {fileKey = file.key, class = "posix", ownerKey = state.ownerKey}
    for ____, own in ipairs(ownRanges(step, at, wholeFile)) do
        unlockRow(
            step,
            file,
            own.id,
            own.row,
            "session_expired"
        )
    end
    forgetLockState(step, id, state)
    rememberEnd(
        step,
        id,
        state,
        "session_expired",
        {taken = true}
    )
end
looked = 1024
function ____exports.makeWay(step, file, waiter)
    if (step.meta.courteous or 0) == 0 then
        return
    end
    if waiter.kind.own == nil then
        takeForOpen(step, file, waiter)
    else
        takeOwn(step, file, waiter)
    end
    if standsAlone(file) then
        syncHold(step, file)
    end
end
function ____exports.takeBroken(step, file)
    local running = file.row.breaking
    if running == nil or running.yielded == true or (step.meta.courteous or 0) == 0 then
        return
    end
    running.yielded = true
    for ____, ____value in ipairs(step.rows:page(
        keys.grants(file.key),
        0,
        endOfList,
        looked
    )) do
        local member = ____value.member
        do
            local __continue33
            repeat
                local lease = step.rows:get("lease", member)
                if lease == nil or isRevoked(file.row, lease) or not isBreaking(file.row, lease) then
                    __continue33 = true
                    break
                end
                if not isCourteous(step, lease.sessionId) then
                    __continue33 = true
                    break
                end
                loseLease(
                    step,
                    file,
                    member,
                    lease,
                    "expired"
                )
                __continue33 = true
            until true
            if not __continue33 then
                break
            end
        end
    end
    freshen(step, file)
end
return ____exports
 end,
["libs.locks.src.core.rules.queue"] = function(...)
local ____exports = {}
local tangle, waitsForOwner, meet, sparedBehind, walkQueue
local keys = require("libs.locks.src.core.keys")
local ____step = require("libs.locks.src.core.step")
local countWait = ____step.countWait
local endOfList = ____step.endOfList
local inShards = ____step.inShards
local nextSeq = ____step.nextSeq
local setDue = ____step.setDue
local ____conflict = require("libs.locks.src.core.rules.conflict")
local leaseAsk = ____conflict.leaseAsk
local ____file = require("libs.locks.src.core.rules.file")
local ownHold = ____file.ownHold
local shareOf = ____file.shareOf
local ____dlm = require("libs.locks.src.core.rules.kinds.dlm")
local dlmKind = ____dlm.dlmKind
local ____kind = require("libs.locks.src.core.rules.kinds.kind")
local dropWaiter = ____kind.dropWaiter
local isTangled = ____kind.isTangled
local memberOf = ____kind.memberOf
local ____table = require("libs.locks.src.core.rules.kinds.table")
local lockOf = ____table.lockOf
local ____matrix = require("libs.locks.src.core.rules.matrix")
local verdict = ____matrix.verdict
local ____resource = require("libs.locks.src.core.rules.resource")
local serveResource = ____resource.serveResource
local ____quota = require("libs.locks.src.core.rules.quota")
local countFor = ____quota.countFor
local waitsOver = ____quota.waitsOver
local ____takeover = require("libs.locks.src.core.rules.takeover")
local makeWay = ____takeover.makeWay
local ____way = require("libs.locks.src.core.rules.way")
local wouldRefuse = ____way.wouldRefuse
function tangle(step, file, member, row)
    local other = unpack(
        step.rows:page(
            keys.ownerWaits(row.ownerKey),
            0,
            endOfList,
            1
        ),
        1,
        1
    )
    if other == nil then
        return
    end
    step.rows:link(
        keys.tangled(file.key),
        member,
        row.waitNo
    )
    local its = lockOf(step, other.member)
    if its ~= nil and not isTangled(step, its.row) then
        step.rows:link(
            keys.tangled(its.row.fileKey),
            other.member,
            its.row.waitNo
        )
    end
end
function waitsForOwner(step, file, waiter, later)
    local ____waiter_kind_7 = waiter.kind
    local space = ____waiter_kind_7.own
    if space ~= nil then
        return space.ownerHas(step, file, waiter.row, later.row)
    end
    local share = shareOf(step, file.key, later.row.ownerKey)
    local has = {}
    if share.readOpens > 0 then
        has[#has + 1] = "openRead"
    end
    if share.writeOpens > 0 then
        has[#has + 1] = "openWrite"
    end
    if share.denyReads > 0 then
        has[#has + 1] = "denyRead"
    end
    if share.denyWrites > 0 then
        has[#has + 1] = "denyWrite"
    end
    local own = ownHold(step, file, later.row)
    if own ~= nil and own.state == "active" then
        has[#has + 1] = leaseAsk(own.type, own.delegation, own.notify)
    end
    for ____, wanted in ipairs(waiter.kind.asks(waiter.row)) do
        for ____, held in ipairs(has) do
            if verdict(held, wanted) ~= "beside" then
                return true
            end
        end
    end
    return false
end
function meet(earlier, later)
    local ____earlier_kind_8 = earlier.kind
    local space = ____earlier_kind_8.own
    if space ~= nil then
        return earlier.kind == later.kind and space.meets(earlier.row, later.row)
    end
    return earlier.row.ownerKey ~= later.row.ownerKey and wouldRefuse(
        earlier.kind.asks(earlier.row),
        later.kind.asks(later.row)
    )
end
function ____exports.waitsBehind(step, file, earlier, later)
    if not meet(earlier, later) then
        return false
    end
    for ____, no in ipairs(later.row.spared or ({})) do
        if no == earlier.row.waitNo then
            return false
        end
    end
    return not waitsForOwner(step, file, earlier, later)
end
function sparedBehind(step, file, later)
    local spared = {}
    local ____temp_11 = file.row.waiting == 0
    if not ____temp_11 then
        local ____opt_9 = later.kind.own
        ____temp_11 = (____opt_9 and ____opt_9.ahead) ~= nil
    end
    if ____temp_11 then
        return nil
    end
    for ____, entry in ipairs(step.rows:page(
        keys.queue(file.key),
        0,
        endOfList,
        file.row.waiting
    )) do
        do
            local __continue32
            repeat
                local earlier = lockOf(step, entry.member)
                if earlier == nil or not meet(earlier, later) then
                    __continue32 = true
                    break
                end
                if waitsForOwner(step, file, earlier, later) then
                    spared[#spared + 1] = earlier.row.waitNo
                end
                __continue32 = true
            until true
            if not __continue32 then
                break
            end
        end
    end
    return #spared > 0 and spared or nil
end
function walkQueue(step, file)
    local ____file_19 = file
    local row = ____file_19.row
    local freed = false
    local still = {}
    for ____, entry in ipairs(step.rows:page(
        keys.queue(file.key),
        0,
        endOfList,
        row.waiting
    )) do
        do
            local __continue48
            repeat
                local waiter = lockOf(step, entry.member)
                if waiter == nil then
                    __continue48 = true
                    break
                end
                local lost = waiter.kind.isLost(step, file, waiter.row)
                if lost ~= nil then
                    dropWaiter(step, file, waiter, lost)
                    __continue48 = true
                    break
                end
                local behind = false
                for ____, earlier in ipairs(still) do
                    if not behind and ____exports.waitsBehind(step, file, earlier, waiter) then
                        behind = true
                    end
                end
                local frees = waiter.kind.mayFree(waiter.row)
                if not behind then
                    makeWay(step, file, waiter)
                end
                if behind or not waiter.kind.admit(step, file, waiter, true) then
                    still[#still + 1] = waiter
                elseif frees and #still > 0 then
                    freed = true
                end
                __continue48 = true
            until true
            if not __continue48 then
                break
            end
        end
    end
    return freed
end
function ____exports.hasRoom(step, file)
    return file.row.waiting < step.meta.limits.queueMax
end
function ____exports.shareOver(step, file, ____bindingPattern0)
    local row
    row = ____bindingPattern0.row
    local queue = {fileKey = file.key, waiting = file.row.waiting}
    return waitsOver(
        step,
        row.sessionId,
        queue,
        function(member)
            local ____opt_0 = lockOf(step, member)
            return ____opt_0 and ____opt_0.row.sessionId
        end
    )
end
function ____exports.enqueue(step, file, waiter, waitMs)
    local ____waiter_2 = waiter
    local row = ____waiter_2.row
    local member = memberOf(waiter)
    row.spared = sparedBehind(step, file, waiter)
    row.waitNo = nextSeq(step)
    step.rows:link(
        keys.queue(file.key),
        member,
        row.waitNo
    )
    tangle(step, file, member, row)
    if inShards(step) then
        step.rows:link(keys.waits, member, row.waitNo)
    end
    step.rows:link(
        keys.ownerWaits(row.ownerKey),
        member,
        row.waitNo
    )
    local ____file_row_3, ____waiting_4 = file.row, "waiting"
    ____file_row_3[____waiting_4] = ____file_row_3[____waiting_4] + 1
    countWait(step, waiter.kind.name, 1)
    countFor(step, row.sessionId, "waits", 1)
    if waiter.kind.breaks then
        local ____file_row_5, ____breakers_6 = file.row, "breakers"
        ____file_row_5[____breakers_6] = ____file_row_5[____breakers_6] + 1
    end
    setDue(step, member, row, step.now + waitMs)
end
function ____exports.countAhead(step, file, ____bindingPattern0)
    local row
    local kind
    kind = ____bindingPattern0.kind
    row = ____bindingPattern0.row
    local ____opt_12 = kind.own
    if (____opt_12 and ____opt_12.ahead) ~= nil then
        return #kind.own.ahead(step, file, row)
    end
    return #step.rows:page(
        keys.queue(file.key),
        0,
        row.waitNo - 1,
        file.row.waiting
    )
end
function ____exports.aheadOf(step, file, later)
    if file.row.waiting == 0 then
        return nil
    end
    local ____later_14 = later
    local kind = ____later_14.kind
    local ____opt_15 = kind.own
    if (____opt_15 and ____opt_15.ahead) ~= nil then
        local id = unpack(
            kind.own.ahead(step, file, later.row),
            1,
            1
        )
        local ____temp_17
        if id == nil then
            ____temp_17 = nil
        else
            ____temp_17 = kind.load(step, id)
        end
        local row = ____temp_17
        local ____temp_18
        if id == nil or row == nil then
            ____temp_18 = nil
        else
            ____temp_18 = {kind = kind, id = id, row = row}
        end
        return ____temp_18
    end
    local before = later.row.waitNo == 0 and endOfList or later.row.waitNo - 1
    for ____, entry in ipairs(step.rows:page(
        keys.queue(file.key),
        0,
        before,
        file.row.waiting
    )) do
        local earlier = lockOf(step, entry.member)
        if earlier ~= nil and ____exports.waitsBehind(step, file, earlier, later) then
            return earlier
        end
    end
    return nil
end
function ____exports.serveQueue(step, file)
    if file.row.resource ~= nil then
        serveResource(step, file, dlmKind)
        return
    end
    while file.row.waiting > 0 and walkQueue(step, file) do
    end
end
return ____exports
 end,
["libs.locks.src.core.rules.deadlock"] = function(...)
local ____exports = {}
local findCycle, isStuck, mayBeServed, mayGoOn, holdersOf, leadsAway, isWaitedFor, fileOf, pathTo, breakFrom, youngestOf, from, ownersInTheWay, addLeases, lengthMax, lookedMax, waitsOfOne, ownLooked, heldLooked
local keys = require("libs.locks.src.core.keys")
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local ____break = require("libs.locks.src.core.rules.break")
local isBreaking = ____break.isBreaking
local ____conflict = require("libs.locks.src.core.rules.conflict")
local leaseAsk = ____conflict.leaseAsk
local ____file = require("libs.locks.src.core.rules.file")
local isRevoked = ____file.isRevoked
local loadFile = ____file.loadFile
local ____matrix = require("libs.locks.src.core.rules.matrix")
local verdict = ____matrix.verdict
local ____kind = require("libs.locks.src.core.rules.kinds.kind")
local dropWaiter = ____kind.dropWaiter
local ____table = require("libs.locks.src.core.rules.kinds.table")
local lockById = ____table.lockById
local lockOf = ____table.lockOf
local ____queue = require("libs.locks.src.core.rules.queue")
local waitsBehind = ____queue.waitsBehind
local ____tenant = require("libs.locks.src.core.rules.tenant")
local veilCycle = ____tenant.veilCycle
local ____way = require("libs.locks.src.core.rules.way")
local opensRefusing = ____way.opensRefusing
function findCycle(step, settled, file, waiter)
    if not leadsAway(step, file, waiter) or not isWaitedFor(step, settled, file, waiter) then
        return nil
    end
    local search = {asked = {}, queues = {}, ownerOf = {}, left = lookedMax}
    local next = {{waiter = waiter, file = file, length = 1}}
    for ____, at in ipairs(next) do
        do
            local __continue5
            repeat
                if search.left <= 0 then
                    return nil
                end
                if not isStuck(
                    step,
                    settled,
                    at,
                    waiter,
                    search
                ) then
                    __continue5 = true
                    break
                end
                for ____, owner in ipairs(ownersInTheWay(step, at.file, at.waiter, search)) do
                    do
                        local __continue8
                        repeat
                            if owner == waiter.row.ownerKey then
                                return pathTo(at)
                            end
                            if search.asked[owner] == true or at.length >= lengthMax then
                                __continue8 = true
                                break
                            end
                            search.asked[owner] = true
                            for ____, entry in ipairs(step.rows:page(
                                keys.ownerWaits(owner),
                                0,
                                endOfList,
                                waitsOfOne
                            )) do
                                local its = lockOf(step, entry.member)
                                local ____temp_0
                                if its == nil then
                                    ____temp_0 = nil
                                else
                                    ____temp_0 = fileOf(step, settled, its)
                                end
                                local on = ____temp_0
                                if its ~= nil and on ~= nil then
                                    next[#next + 1] = {waiter = its, file = on, from = at, length = at.length + 1}
                                end
                            end
                            __continue8 = true
                        until true
                        if not __continue8 then
                            break
                        end
                    end
                end
                __continue5 = true
            until true
            if not __continue5 then
                break
            end
        end
    end
    return nil
end
function isStuck(step, settled, at, first, search)
    local ____opt_1 = at.waiter.kind.own
    if (____opt_1 and ____opt_1.anyMakesRoom) ~= true then
        return true
    end
    local onPath = {}
    onPath[first.row.ownerKey] = true
    return not mayBeServed(
        step,
        settled,
        at,
        onPath,
        search
    )
end
function mayBeServed(step, settled, ____bindingPattern0, onPath, search)
    local file
    local waiter
    waiter = ____bindingPattern0.waiter
    file = ____bindingPattern0.file
    if search.left <= 0 then
        return true
    end
    local ____opt_3 = waiter.kind.own
    local any = (____opt_3 and ____opt_3.anyMakesRoom) == true
    local fresh = {asked = {}, queues = {}, ownerOf = {}, left = search.left}
    local owners = any and holdersOf(step, file, waiter, fresh) or ownersInTheWay(step, file, waiter, fresh)
    search.left = fresh.left
    for ____, owner in ipairs(owners) do
        if any and owner == waiter.row.ownerKey then
            return true
        end
        if mayGoOn(
            step,
            settled,
            owner,
            onPath,
            search
        ) == any then
            return any
        end
    end
    return not any
end
function mayGoOn(step, settled, owner, onPath, search)
    if onPath[owner] == true then
        return false
    end
    onPath[owner] = true
    local goesOn = true
    for ____, ____value in ipairs(step.rows:page(
        keys.ownerWaits(owner),
        0,
        endOfList,
        waitsOfOne
    )) do
        local member = ____value.member
        do
            local __continue26
            repeat
                local waiter = lockOf(step, member)
                local ____temp_5
                if waiter == nil then
                    ____temp_5 = nil
                else
                    ____temp_5 = fileOf(step, settled, waiter)
                end
                local file = ____temp_5
                if waiter == nil or file == nil or not goesOn then
                    __continue26 = true
                    break
                end
                goesOn = mayBeServed(
                    step,
                    settled,
                    {waiter = waiter, file = file},
                    onPath,
                    search
                )
                __continue26 = true
            until true
            if not __continue26 then
                break
            end
        end
    end
    onPath[owner] = false
    return goesOn
end
function holdersOf(step, file, waiter, search)
    local owners = {}
    local ____opt_8 = waiter.kind.own
    for ____, ____value in ipairs(____opt_8 and ____opt_8.inTheWay(step, file, waiter.row, search.left) or ({})) do
        local row = ____value.row
        owners[#owners + 1] = row.ownerKey
    end
    search.left = search.left - (1 + #owners)
    return owners
end
function leadsAway(step, file, ____bindingPattern0)
    local row
    local kind
    kind = ____bindingPattern0.kind
    row = ____bindingPattern0.row
    local ____opt_10 = kind.own
    local held = ____opt_10 and ____opt_10.held
    local function waits(ownerKey)
        return #step.rows:page(
            keys.ownerWaits(ownerKey),
            0,
            endOfList,
            1
        ) > 0
    end
    if held == nil or waits(row.ownerKey) then
        return true
    end
    if #step.rows:page(
        keys.tangled(file.key),
        0,
        endOfList,
        1
    ) > 0 then
        return true
    end
    local holders = held(step, file, heldLooked)
    if #holders >= heldLooked then
        return true
    end
    for ____, ____value in ipairs(holders) do
        local ownerKey = ____value.ownerKey
        if ownerKey == row.ownerKey or waits(ownerKey) then
            return true
        end
    end
    return false
end
function isWaitedFor(step, settled, file, ____bindingPattern0)
    local row
    row = ____bindingPattern0.row
    local own = step.rows:page(
        keys.sessionRows(row.sessionId),
        0,
        endOfList,
        ownLooked + 1
    )
    if #own > ownLooked then
        return true
    end
    for ____, ____value in ipairs(own) do
        local member = ____value.member
        do
            local __continue43
            repeat
                local its = lockOf(step, member)
                if its == nil or its.row.ownerKey ~= row.ownerKey then
                    __continue43 = true
                    break
                end
                local on = fileOf(step, settled, its)
                if on ~= nil and (on.key == file.key or on.row.waiting > 0) then
                    return true
                end
                __continue43 = true
            until true
            if not __continue43 then
                break
            end
        end
    end
    return false
end
function fileOf(step, settled, ____bindingPattern0)
    local row
    row = ____bindingPattern0.row
    return row.fileKey == settled.key and settled or loadFile(step, row.fileKey)
end
function pathTo(____bindingPattern0)
    local from
    local waiter
    waiter = ____bindingPattern0.waiter
    from = ____bindingPattern0.from
    local path = from == nil and ({}) or pathTo(from)
    path[#path + 1] = ____exports.memberOfCycle(waiter)
    return path
end
function breakFrom(step, settled, member, others)
    do
        while true do
            local waiter = lockOf(step, member)
            if waiter == nil or waiter.row.waitNo == 0 then
                return
            end
            local file = fileOf(step, settled, waiter)
            local ____temp_12
            if file == nil then
                ____temp_12 = nil
            else
                ____temp_12 = findCycle(step, settled, file, waiter)
            end
            local cycle = ____temp_12
            local ____temp_13
            if cycle == nil then
                ____temp_13 = nil
            else
                ____temp_13 = youngestOf(step, cycle)
            end
            local youngest = ____temp_13
            local ____temp_14
            if youngest == nil then
                ____temp_14 = nil
            else
                ____temp_14 = fileOf(step, settled, youngest)
            end
            local loses = ____temp_14
            if cycle == nil or youngest == nil or loses == nil then
                return
            end
            local told = veilCycle(
                step,
                youngest.row.sessionId,
                from(cycle, youngest.id)
            )
            dropWaiter(
                step,
                loses,
                youngest,
                "deadlock",
                told
            )
            if loses.key ~= settled.key then
                others[#others + 1] = loses
            end
        end
    end
end
function youngestOf(step, cycle)
    local youngest
    for ____, ____value in ipairs(cycle) do
        local id = ____value.id
        do
            local __continue61
            repeat
                local waiter = lockById(step, id)
                if waiter == nil then
                    __continue61 = true
                    break
                end
                if youngest == nil or waiter.row.waitNo > youngest.row.waitNo then
                    youngest = waiter
                end
                __continue61 = true
            until true
            if not __continue61 then
                break
            end
        end
    end
    return youngest
end
function from(cycle, id)
    local told = {}
    local found = false
    do
        local round = 0
        while round < 2 do
            for ____, each in ipairs(cycle) do
                if each.id == id then
                    found = round == 0
                end
                if found then
                    told[#told + 1] = each
                end
            end
            round = round + 1
        end
    end
    return told
end
function ____exports.memberOfCycle(____bindingPattern0)
    local row
    local kind
    local id
    id = ____bindingPattern0.id
    kind = ____bindingPattern0.kind
    row = ____bindingPattern0.row
    return {
        id = id,
        kind = kind.name,
        sessionId = row.sessionId,
        owner = row.owner,
        exportName = row.exportName,
        path = row.path
    }
end
function ownersInTheWay(step, file, waiter, search)
    local owners = {}
    local ____waiter_kind_15 = waiter.kind
    local space = ____waiter_kind_15.own
    local breaks = ____waiter_kind_15.breaks
    local exempt = (space and space.asksOwner) == true and waiter.row.ownerKey or nil
    if space ~= nil then
        local ____opt_18 = space.counts
        if (____opt_18 and ____opt_18(waiter.row)) == false then
            return owners
        end
        for ____, ____value in ipairs(space.inTheWay(step, file, waiter.row, search.left)) do
            local row = ____value.row
            if row.ownerKey ~= exempt then
                owners[#owners + 1] = row.ownerKey
            end
        end
    else
        for ____, ____value in ipairs(opensRefusing(step, file, waiter, search.left)) do
            local row = ____value.row
            owners[#owners + 1] = row.ownerKey
        end
        if not breaks then
            addLeases(
                step,
                file,
                waiter,
                search.left,
                owners
            )
        end
    end
    search.left = search.left - (1 + #owners)
    if file.row.waiting == 0 then
        return owners
    end
    local queue = search.queues[file.key] or step.rows:page(
        keys.queue(file.key),
        0,
        endOfList,
        file.row.waiting
    )
    local unasked = {}
    for ____, entry in ipairs(queue) do
        do
            local __continue84
            repeat
                local owner = search.ownerOf[entry.member]
                if owner ~= nil and search.asked[owner] == true then
                    __continue84 = true
                    break
                end
                unasked[#unasked + 1] = entry
                if (space and space.ahead) == nil and waiter.row.waitNo ~= 0 and entry.score >= waiter.row.waitNo then
                    __continue84 = true
                    break
                end
                search.left = search.left - 1
                local earlier = lockOf(step, entry.member)
                if earlier == nil then
                    __continue84 = true
                    break
                end
                search.ownerOf[entry.member] = earlier.row.ownerKey
                if earlier.row.ownerKey ~= exempt and waitsBehind(step, file, earlier, waiter) then
                    owners[#owners + 1] = earlier.row.ownerKey
                end
                __continue84 = true
            until true
            if not __continue84 then
                break
            end
        end
    end
    search.queues[file.key] = unasked
    return owners
end
function addLeases(step, file, waiter, max, owners)
    local asks = waiter.kind.asks(waiter.row)
    local running = file.row.breaking
    for ____, entry in ipairs(step.rows:page(
        keys.grants(file.key),
        0,
        endOfList,
        max
    )) do
        do
            local __continue91
            repeat
                local lease = step.rows:get("lease", entry.member)
                if lease == nil or isRevoked(file.row, lease) then
                    __continue91 = true
                    break
                end
                if lease.ownerKey == waiter.row.ownerKey then
                    __continue91 = true
                    break
                end
                local stays = running ~= nil and isBreaking(file.row, lease) and running.target or lease.type
                if stays == "none" then
                    __continue91 = true
                    break
                end
                for ____, wanted in ipairs(asks) do
                    if verdict(
                        leaseAsk(stays, lease.delegation, lease.notify),
                        wanted
                    ) == "refused" then
                        owners[#owners + 1] = lease.ownerKey
                    end
                end
                __continue91 = true
            until true
            if not __continue91 then
                break
            end
        end
    end
end
lengthMax = 64
lookedMax = 16384
waitsOfOne = 64
ownLooked = 64
heldLooked = 64
function ____exports.cycleOf(step, file, waiter)
    return findCycle(step, file, file, waiter)
end
function ____exports.waitsFor(step, file, waiter)
    local search = {asked = {}, queues = {}, ownerOf = {}, left = lookedMax}
    local ____opt_6 = waiter.kind.own
    local any = (____opt_6 and ____opt_6.anyMakesRoom) == true
    local owners = any and holdersOf(step, file, waiter, search) or ownersInTheWay(step, file, waiter, search)
    return {owners = owners, any = any}
end
function ____exports.breakCycles(step, file, owners)
    local others = {}
    for ____, owner in ipairs(owners) do
        for ____, entry in ipairs(step.rows:page(
            keys.ownerWaits(owner),
            0,
            endOfList,
            waitsOfOne
        )) do
            breakFrom(step, file, entry.member, others)
        end
    end
    return others
end
return ____exports
 end,
["libs.locks.src.core.rules.range-asks"] = function(...)
local ____exports = {}
local beginLocked, followAdapter, certain, ask, wantedOf, wanted, waitingRange, waiterOf, heldRanges, unanswered, askAgainMs, wantsMax
local keys = require("libs.locks.src.core.keys")
local ____step = require("libs.locks.src.core.step")
local earlier = ____step.earlier
local endOfList = ____step.endOfList
local mintToken = ____step.mintToken
local record = ____step.record
local ____file = require("libs.locks.src.core.rules.file")
local standsAlone = ____file.standsAlone
local ____hold = require("libs.locks.src.core.rules.hold")
local isVacant = ____hold.isVacant
local mayAsk = ____hold.mayAsk
local ____kind = require("libs.locks.src.core.rules.kinds.kind")
local dropWaiter = ____kind.dropWaiter
local ____range = require("libs.locks.src.core.rules.kinds.range")
local rangeKind = ____range.rangeKind
local ____queue = require("libs.locks.src.core.rules.queue")
local aheadOf = ____queue.aheadOf
local ____range_2Dbacking = require("libs.locks.src.core.rules.range-backing")
local areLocked = ____range_2Dbacking.areLocked
local backedRangesMax = ____range_2Dbacking.backedRangesMax
local backsRanges = ____range_2Dbacking.backsRanges
local mustAsk = ____range_2Dbacking.mustAsk
local rangesMaxOf = ____range_2Dbacking.rangesMaxOf
local ____range_2Dtree = require("libs.locks.src.core.rules.range-tree")
local rangesInTheWay = ____range_2Dtree.rangesInTheWay
local rowsPerRange = ____range_2Dtree.rowsPerRange
function beginLocked(file)
    local locked = {
        incarnation = file.exp.incarnation,
        gen = 0,
        epoch = 0,
        askAfter = 0,
        again = 0,
        sure = false,
        stale = false,
        doubts = file.exp.doubts
    }
    file.row.locked = locked
    return locked
end
function followAdapter(____bindingPattern0, locked)
    local exp
    exp = ____bindingPattern0.exp
    if locked.incarnation == exp.incarnation or not (mayAsk(exp) or isVacant(exp)) then
        return
    end
    locked.incarnation = exp.incarnation
    locked.ask = nil
    locked.sure = false
    locked.askAfter = 0
    locked.gen = 0
    locked.stale = false
end
function certain(step, file, locked)
    if locked.doubts == file.exp.doubts then
        return
    end
    locked.doubts = file.exp.doubts
    for ____, ____value in ipairs(heldRanges(step, file)) do
        local id = ____value.id
        local row = ____value.row
        local ____row_1 = row
        local sessionId = ____row_1.sessionId
        local owner = ____row_1.owner
        local exportName = ____row_1.exportName
        local path = ____row_1.path
        local ____type = ____row_1.type
        record(step, {
            kind = "reclaimed",
            rangeId = id,
            sessionId = sessionId,
            owner = owner,
            fileKey = file.key,
            exportName = exportName,
            path = path,
            type = ____type
        })
    end
end
function ask(step, file, locked, wants)
    local ____file_2 = file
    local row = ____file_2.row
    local exp = ____file_2.exp
    local gen = mintToken(step)
    locked.ask = {gen = gen, ["until"] = step.now + step.meta.limits.askMs}
    locked.stale = false
    local sent = {
        fileKey = file.key,
        exportName = row.exportName,
        path = row.path,
        fileId = row.fileId,
        gen = gen,
        held = {},
        wants = {},
        incarnation = exp.incarnation,
        endpoint = exp.endpoint
    }
    for ____, each in ipairs(heldRanges(step, file)) do
        local ____sent_held_3 = sent.held
        ____sent_held_3[#____sent_held_3 + 1] = wantedOf(each.id, each.row)
    end
    for ____, each in ipairs(wants) do
        each.row.askedIn = gen
        each.row.locked = nil
        step.rows:put("range", each.id, each.row)
        local ____sent_wants_4 = sent.wants
        ____sent_wants_4[#____sent_wants_4 + 1] = wantedOf(each.id, each.row)
    end
    local all = step.rangeAsks or ({})
    all[#all + 1] = sent
    step.rangeAsks = all
end
function wantedOf(id, row)
    local ____row_5 = row
    local ____type = ____row_5.type
    local startHi = ____row_5.startHi
    local startLo = ____row_5.startLo
    local endHi = ____row_5.endHi
    local endLo = ____row_5.endLo
    return {
        id = id,
        class = row.class,
        type = ____type,
        startHi = startHi,
        startLo = startLo,
        endHi = endHi,
        endLo = endLo
    }
end
function wanted(step, file, locked)
    local found = {}
    if file.row.waiting == 0 then
        return found
    end
    for ____, entry in ipairs(step.rows:page(
        keys.queue(file.key),
        0,
        endOfList,
        file.row.waiting
    )) do
        do
            local __continue33
            repeat
                local rows = rowsPerRange * (#found + 1)
                if #found == wantsMax or file.row.ranges + rows > rangesMaxOf(step, file) then
                    return found
                end
                local waiter = waitingRange(step, entry.member)
                if waiter == nil or not mustAsk(step, file, waiter.row) then
                    __continue33 = true
                    break
                end
                if #rangesInTheWay(step, file, waiter.row, 1) > 0 then
                    __continue33 = true
                    break
                end
                if aheadOf(step, file, waiter) ~= nil then
                    __continue33 = true
                    break
                end
                local after = waiter.row.askAfter or 0
                if after > step.now then
                    locked.again = earlier(locked.again, after)
                else
                    found[#found + 1] = waiter
                end
                __continue33 = true
            until true
            if not __continue33 then
                break
            end
        end
    end
    return found
end
function waitingRange(step, member)
    if keys.rowMember(step.rows, member) ~= "range" then
        return nil
    end
    return waiterOf(
        step,
        keys.idOf(step.rows, member)
    )
end
function waiterOf(step, id)
    local row = step.rows:get("range", id)
    local ____temp_6
    if row == nil or row.waitNo == 0 then
        ____temp_6 = nil
    else
        ____temp_6 = {kind = rangeKind, id = id, row = row}
    end
    return ____temp_6
end
function heldRanges(step, file)
    local found = {}
    if file.row.ranges == 0 then
        return found
    end
    for ____, space in ipairs({"bytes", "whole"}) do
        for ____, list in ipairs({
            keys.writeRanges(file.key, space),
            keys.readRanges(file.key, space)
        }) do
            for ____, member in ipairs(step.rows:span(list, "", "~", 2 * backedRangesMax)) do
                local id = step.rows:tail(member, keys.offsetLength)
                local row = step.rows:get("range", id)
                if row ~= nil then
                    found[#found + 1] = {id = id, row = row}
                end
            end
        end
    end
    return found
end
function unanswered(step, file, locked, reason)
    local gen = locked.ask == nil and 0 or locked.ask.gen
    locked.ask = nil
    locked.askAfter = step.now + askAgainMs
    locked.stale = true
    for ____, entry in ipairs(step.rows:page(
        keys.queue(file.key),
        0,
        endOfList,
        file.row.waiting
    )) do
        do
            local __continue54
            repeat
                local waiter = waitingRange(step, entry.member)
                if waiter == nil or waiter.row.askedIn ~= gen then
                    __continue54 = true
                    break
                end
                if waiter.row.atOnce == true then
                    dropWaiter(step, file, waiter, reason)
                end
                __continue54 = true
            until true
            if not __continue54 then
                break
            end
        end
    end
end
askAgainMs = 1000
wantsMax = 64
function ____exports.answerMs(step)
    return 2 * step.meta.limits.askMs + askAgainMs
end
function ____exports.syncRanges(step, file)
    local ____file_0 = file
    local row = ____file_0.row
    local exp = ____file_0.exp
    local idle = not backsRanges(file) or standsAlone(file) or row.ranges == 0 and row.waiting == 0
    if row.locked == nil and idle then
        return
    end
    local locked = row.locked or beginLocked(file)
    followAdapter(file, locked)
    if locked.ask ~= nil then
        if step.now < locked.ask["until"] then
            return
        end
        unanswered(step, file, locked, "fileserver_timeout")
    end
    locked.again = 0
    if not mayAsk(exp) then
        if isVacant(exp) and row.ranges == 0 then
            row.locked = nil
        end
        return
    end
    if exp.locksRanges ~= true then
        for ____, ____value in ipairs(heldRanges(step, file)) do
            local id = ____value.id
            local range = ____value.row
            rangeKind["end"](
                step,
                file,
                id,
                range,
                "fileserver_lost"
            )
        end
        row.locked = nil
        return
    end
    if areLocked(step, file) then
        certain(step, file, locked)
    end
    local wants = wanted(step, file, locked)
    if not locked.stale and areLocked(step, file) and #wants == 0 then
        if row.ranges == 0 and locked.again == 0 then
            row.locked = nil
        end
        return
    end
    if locked.gen == 0 and not locked.stale and row.ranges == 0 and #wants == 0 then
        if locked.again == 0 then
            row.locked = nil
        end
        return
    end
    if step.now >= locked.askAfter then
        ask(step, file, locked, wants)
    end
end
local function isFinal(reason)
    return reason == "file_changed" or reason == "no_such_file" or reason == "fileserver_denied" or reason == "ranges_unsupported"
end
function ____exports.rangesLocked(step, file, input)
    local ____file_row_7 = file.row
    local locked = ____file_row_7.locked
    if (locked and locked.ask) == nil or locked.ask.gen ~= input.gen then
        return false
    end
    if input.failed ~= nil then
        unanswered(step, file, locked, input.failed)
        return true
    end
    locked.ask = nil
    locked.gen = input.gen
    locked.epoch = step.meta.epoch
    locked.sure = true
    locked.askAfter = 0
    for ____, id in ipairs(input.lost or ({})) do
        do
            local __continue62
            repeat
                local row = step.rows:get("range", id)
                if row == nil or row.waitNo ~= 0 or row.fileKey ~= file.key then
                    __continue62 = true
                    break
                end
                if file.exp.predecessors == nil then
                    rangeKind["end"](
                        step,
                        file,
                        id,
                        row,
                        "fileserver_lost"
                    )
                    __continue62 = true
                    break
                end
                locked.sure = false
                locked.askAfter = step.now + askAgainMs
                __continue62 = true
            until true
            if not __continue62 then
                break
            end
        end
    end
    if areLocked(step, file) then
        certain(step, file, locked)
    end
    for ____, ____value in ipairs(input.refused or ({})) do
        local id = ____value.id
        local reason = ____value.reason
        do
            local __continue67
            repeat
                local waiter = waiterOf(step, id)
                if waiter == nil or waiter.row.askedIn ~= input.gen then
                    __continue67 = true
                    break
                end
                if waiter.row.atOnce == true or isFinal(reason) then
                    dropWaiter(step, file, waiter, reason)
                    __continue67 = true
                    break
                end
                waiter.row.refusedBy = reason
                waiter.row.askAfter = step.now + askAgainMs
                step.rows:put("range", id, waiter.row)
                __continue67 = true
            until true
            if not __continue67 then
                break
            end
        end
    end
    for ____, id in ipairs(input.locked or ({})) do
        do
            local __continue71
            repeat
                local waiter = waiterOf(step, id)
                if waiter == nil or waiter.row.askedIn ~= input.gen then
                    locked.stale = true
                    __continue71 = true
                    break
                end
                waiter.row.locked = true
                step.rows:put("range", id, waiter.row)
                __continue71 = true
            until true
            if not __continue71 then
                break
            end
        end
    end
    return true
end
function ____exports.leftOver(step, file, ids)
    local ____file_row_10 = file.row
    local locked = ____file_row_10.locked
    local any = false
    for ____, id in ipairs(ids) do
        do
            local __continue75
            repeat
                local waiter = waiterOf(step, id)
                if waiter == nil then
                    __continue75 = true
                    break
                end
                any = true
                if locked ~= nil then
                    locked.stale = true
                end
                if waiter.row.atOnce == true then
                    dropWaiter(step, file, waiter, "range_conflict")
                end
                __continue75 = true
            until true
            if not __continue75 then
                break
            end
        end
    end
    return any
end
function ____exports.reportedRanges(file)
    local locked = file.row.locked or beginLocked(file)
    locked.stale = true
end
return ____exports
 end,
["libs.locks.src.core.rules.settle"] = function(...)
local ____exports = {}
local ____break = require("libs.locks.src.core.rules.break")
local clearRevoked = ____break.clearRevoked
local freshen = ____break.freshen
local ____deadlock = require("libs.locks.src.core.rules.deadlock")
local breakCycles = ____deadlock.breakCycles
local ____file = require("libs.locks.src.core.rules.file")
local saveFile = ____file.saveFile
local standsAlone = ____file.standsAlone
local ____hold = require("libs.locks.src.core.rules.hold")
local commitPending = ____hold.commitPending
local followAdapter = ____hold.followAdapter
local syncHold = ____hold.syncHold
local ____offer = require("libs.locks.src.core.rules.offer")
local signalWants = ____offer.signalWants
local ____queue = require("libs.locks.src.core.rules.queue")
local serveQueue = ____queue.serveQueue
local ____range_2Dasks = require("libs.locks.src.core.rules.range-asks")
local syncRanges = ____range_2Dasks.syncRanges
local ____takeover = require("libs.locks.src.core.rules.takeover")
local takeBroken = ____takeover.takeBroken
function ____exports.bringUp(step, file)
    followAdapter(step, file)
    freshen(step, file)
    takeBroken(step, file)
    if standsAlone(file) then
        syncHold(step, file)
    end
end
function ____exports.settleFile(step, file)
    ____exports.bringUp(step, file)
    commitPending(step, file)
    syncHold(step, file)
    serveQueue(step, file)
    local others = {}
    while #step.recheck > 0 do
        local owners = step.recheck
        step.recheck = {}
        for ____, other in ipairs(breakCycles(step, file, owners)) do
            others[#others + 1] = other
        end
        serveQueue(step, file)
    end
    freshen(step, file)
    commitPending(step, file)
    clearRevoked(step, file)
    syncHold(step, file)
    signalWants(step, file)
    if standsAlone(file) then
        syncHold(step, file)
    end
    syncRanges(step, file)
    saveFile(step, file)
    for ____, other in ipairs(others) do
        ____exports.settleFile(step, other)
    end
end
return ____exports
 end,
["libs.locks.src.core.verbs.residence"] = function(...)
local ____exports = {}
local keys = require("libs.locks.src.core.keys")
function ____exports.refusesNode(step, name)
    local ____temp_0
    if name == nil then
        ____temp_0 = nil
    else
        ____temp_0 = step.rows:get("node", name)
    end
    local node = ____temp_0
    local isUp = node == nil or node.state == "up" and node.operation == nil
    local ____isUp_1
    if isUp then
        ____isUp_1 = nil
    else
        ____isUp_1 = {refused = {reason = "node_down"}}
    end
    return ____isUp_1
end
function ____exports.joinNode(step, id, session)
    local ____temp_2
    if session.node == nil then
        ____temp_2 = nil
    else
        ____temp_2 = step.rows:get("node", session.node)
    end
    local node = ____temp_2
    if node == nil or session.node == nil then
        return nil
    end
    local refused = ____exports.refusesNode(step, session.node)
    if refused ~= nil then
        return refused
    end
    session.bound = true
    node.sessions = node.sessions + 1
    step.rows:link(
        keys.dependents(keys.nodeItem(session.node)),
        keys.dependentSession(id),
        session.no
    )
    step.rows:put("node", session.node, node)
    return nil
end
function ____exports.leaveNode(step, id, session)
    if session.bound ~= true or session.node == nil then
        return
    end
    local node = step.rows:get("node", session.node)
    step.rows:unlink(
        keys.dependents(keys.nodeItem(session.node)),
        keys.dependentSession(id),
        session.no
    )
    session.bound = nil
    if node == nil then
        return
    end
    node.sessions = node.sessions - 1
    step.rows:put("node", session.node, node)
end
return ____exports
 end,
["libs.locks.src.core.verbs.streams"] = function(...)
local ____exports = {}
local ____format = require("libs.locks.src.core.format")
local formatOf = ____format.formatOf
local listServer = ____format.listServer
local raiseFormat = ____format.raiseFormat
local serversOf = ____format.serversOf
local keys = require("libs.locks.src.core.keys")
local ____step = require("libs.locks.src.core.step")
local setDue = ____step.setDue
function ____exports.forgetServer(step, id)
    local row = step.rows:get("server", id)
    if row == nil then
        return
    end
    setDue(
        step,
        keys.server(id),
        row,
        0
    )
    if row.no ~= nil then
        step.rows:unlink(keys.servers, id, row.no)
    end
    step.rows:del("server", id)
    step.meta.servers = (step.meta.servers or 1) - 1
end
local serverSilentMs = 15000
function ____exports.streamsTell(step, input)
    local ____step_0 = step
    local rows = ____step_0.rows
    local ____input_1 = input
    local server = ____input_1.server
    local known = rows:get("server", server)
    if input.leaving == true then
        ____exports.forgetServer(step, server)
        if (step.meta.servers or 0) == 0 then
            step.meta.unattended = true
        end
        step.changed = true
        return {
            known = known ~= nil,
            format = formatOf(step.meta)
        }
    end
    if known == nil then
        step.meta.servers = (step.meta.servers or 0) + 1
        step.changed = true
    end
    local row = known or ({due = 0})
    setDue(
        step,
        keys.server(server),
        row,
        step.now + serverSilentMs
    )
    row.format = input.format
    row.release = input.release
    row.library = input.library
    rows:put("server", server, row)
    if row.format ~= nil then
        row.no = row.no or listServer(step, server)
        raiseFormat(step, row.format)
    end
    for ____, ____value in ipairs(input.sessions) do
        local sessionId = ____value.sessionId
        local streams = ____value.streams
        do
            local __continue7
            repeat
                local session = rows:get("session", sessionId)
                if session == nil then
                    __continue7 = true
                    break
                end
                local now = {}
                for ____, each in ipairs(session.streams or ({})) do
                    if each.server ~= server and rows:get("server", each.server) ~= nil then
                        now[#now + 1] = each
                    end
                end
                if streams > 0 then
                    now[#now + 1] = {server = server, count = streams}
                end
                local ____temp_2
                if #now == 0 then
                    ____temp_2 = nil
                else
                    ____temp_2 = now
                end
                session.streams = ____temp_2
                rows:put("session", sessionId, session)
                __continue7 = true
            until true
            if not __continue7 then
                break
            end
        end
    end
    return {
        known = known ~= nil,
        format = formatOf(step.meta)
    }
end
function ____exports.serverList(step)
    local ____serversOf_result_3 = serversOf(step)
    local ids = ____serversOf_result_3.ids
    local silent = ____serversOf_result_3.silent
    local servers = {}
    for ____, server in ipairs(ids) do
        local row = step.rows:get("server", server)
        servers[#servers + 1] = {server = server, format = row and row.format, release = row and row.release, library = row and row.library}
    end
    return {
        format = formatOf(step.meta),
        servers = servers,
        silent = silent
    }
end
function ____exports.streamsOf(step, session)
    local count = 0
    for ____, each in ipairs(session.streams or ({})) do
        local row = step.rows:get("server", each.server)
        if row ~= nil and row.due > step.now then
            count = count + each.count
        end
    end
    return count
end
return ____exports
 end,
["libs.locks.src.core.verbs.session"] = function(...)
local ____exports = {}
local isRecovering, hear
local keys = require("libs.locks.src.core.keys")
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local ____admission = require("libs.locks.src.core.rules.admission")
local gate = ____admission.gate
local ____client = require("libs.locks.src.core.rules.client")
local leaveClient = ____client.leaveClient
local ____courtesy = require("libs.locks.src.core.rules.courtesy")
local cede = ____courtesy.cede
local ____ended = require("libs.locks.src.core.rules.ended")
local forgetEnds = ____ended.forgetEnds
local ____grace = require("libs.locks.src.core.rules.grace")
local endClaims = ____grace.endClaims
local inGrace = ____grace.inGrace
local wasThere = ____grace.wasThere
local ____quota = require("libs.locks.src.core.rules.quota")
local cedeSession = ____quota.cedeSession
local enterSubject = ____quota.enterSubject
local leaveSubject = ____quota.leaveSubject
local sessionsOver = ____quota.sessionsOver
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local nextSeq = ____step.nextSeq
local record = ____step.record
local setDue = ____step.setDue
local wallOf = ____step.wallOf
local ____residence = require("libs.locks.src.core.verbs.residence")
local joinNode = ____residence.joinNode
local leaveNode = ____residence.leaveNode
local ____streams = require("libs.locks.src.core.verbs.streams")
local streamsOf = ____streams.streamsOf
function isRecovering(____bindingPattern0)
    local now
    local meta
    meta = ____bindingPattern0.meta
    now = ____bindingPattern0.now
    return meta.unheard == nil and (meta.recoverUntil or 0) > now
end
function hear(step, server, row)
    row.heardIn = step.meta.restoredIn
    step.rows:put("server", server, row)
end
function ____exports.enterSession(step, input, of)
    local ____step_13 = step
    local meta = ____step_13.meta
    local kept = meta.courteous or 0
    if meta.sessions - kept >= meta.limits.sessionsMax then
        return {refused = refuse("sessions_max")}
    end
    if meta.sessions >= meta.limits.sessionsMax then
        cede(step, nil)
    end
    local ____step_meta_14, ____sessions_15 = step.meta, "sessions"
    ____step_meta_14[____sessions_15] = ____step_meta_14[____sessions_15] + 1
    local ____nextSeq_result_27 = nextSeq(step)
    local ____input_digest_28 = input.digest
    local ____input_ttlMs_29 = input.ttlMs
    local ____temp_30 = step.now + input.ttlMs
    local ____input_node_31 = input.node
    local ____input_pid_32 = input.pid
    local ____input_label_33 = input.label
    local ____input_tenant_34 = input.tenant
    local ____input_subject_35 = input.subject
    local ____temp_16
    if input.quota == nil then
        ____temp_16 = nil
    else
        ____temp_16 = true
    end
    local ____temp_17
    if input.tenantQuota == nil then
        ____temp_17 = nil
    else
        ____temp_17 = true
    end
    local ____temp_36 = of and of.client
    local ____temp_37 = of and of.verifier
    local ____temp_38 = of and of.principal
    local ____temp_39 = of and of.unconfirmed
    local ____input_courtesyMs_40 = input.courtesyMs
    local ____temp_26
    if input.reclaim == true then
        ____temp_26 = step.meta.graceNo
    else
        ____temp_26 = nil
    end
    local session = {
        no = ____nextSeq_result_27,
        digest = ____input_digest_28,
        ttlMs = ____input_ttlMs_29,
        expires = ____temp_30,
        due = 0,
        state = "live",
        rows = 0,
        delegations = 0,
        revoked = 0,
        reclaimedIn = 0,
        node = ____input_node_31,
        pid = ____input_pid_32,
        label = ____input_label_33,
        tenant = ____input_tenant_34,
        subject = ____input_subject_35,
        counted = ____temp_16,
        countedTenant = ____temp_17,
        client = ____temp_36,
        verifier = ____temp_37,
        principal = ____temp_38,
        unconfirmed = ____temp_39,
        courtesyMs = ____input_courtesyMs_40,
        resumedIn = ____temp_26
    }
    local limits = {subject = input.quota, tenant = input.tenantQuota}
    local over = sessionsOver(step, session, limits)
    local ____temp_41
    if over == nil or cedeSession(step, session, over.refused.reason) then
        ____temp_41 = nil
    else
        ____temp_41 = over
    end
    local full = ____temp_41
    local refused = full or joinNode(step, input.sessionId, session)
    if refused ~= nil then
        local ____step_meta_42, ____sessions_43 = step.meta, "sessions"
        ____step_meta_42[____sessions_43] = ____step_meta_42[____sessions_43] - 1
        return {refused = refused}
    end
    enterSubject(step, session, limits)
    setDue(
        step,
        keys.session(input.sessionId),
        session,
        session.expires
    )
    step.rows:link("sessions", input.sessionId, session.no)
    step.rows:put("session", input.sessionId, session)
    return {session = session}
end
local tombstoneMs = 600000
function ____exports.beginGrace(step, known, lost)
    local ____step_0 = step
    local meta = ____step_0.meta
    local ____meta_limits_1 = meta.limits
    local graceMs = ____meta_limits_1.graceMs
    local recoveryMs = ____meta_limits_1.recoveryMs
    local ____isRecovering_result_2
    if isRecovering(step) then
        ____isRecovering_result_2 = meta.recoverUntil
    else
        ____isRecovering_result_2 = nil
    end
    local running = ____isRecovering_result_2
    meta.recoverUntil = lost and step.now + recoveryMs or running
    meta.unheard = nil
    meta.graceUntil = math.max(step.now + graceMs, meta.recoverUntil or 0)
    meta.graceUpTo = known > 0 and meta.seq or 0
    meta.graceWaits = known - (meta.courteous or 0)
    meta.graceNo = meta.epoch
end
function ____exports.awaitReports(step, input)
    local ____step_3 = step
    local meta = ____step_3.meta
    local ____input_4 = input
    local server = ____input_4.server
    if server == nil then
        server = ""
    end
    local shared = ____input_4.shared
    local own = step.rows:get("server", server)
    if own ~= nil then
        hear(step, server, own)
    end
    local others = (meta.servers or 0) - (own == nil and 0 or 1)
    if shared == true and others > 0 and meta.limits.recoveryMs > 0 then
        local recovering = isRecovering(step)
        ____exports.beginGrace(step, meta.sessions, true)
        if not recovering then
            meta.unheard = others
        end
    else
        ____exports.beginGrace(step, meta.sessions, false)
        local ____temp_7 = shared == true and own ~= nil and others == 0
        if ____temp_7 then
            local ____opt_5 = input.seen
            ____temp_7 = (____opt_5 and ____opt_5.epoch or 0) > 0
        end
        if ____temp_7 then
            meta.wholeIn = meta.graceNo
        end
    end
end
function ____exports.reported(step, server)
    local ____step_8 = step
    local meta = ____step_8.meta
    local ____temp_9
    if server == nil or meta.unheard == nil then
        ____temp_9 = nil
    else
        ____temp_9 = step.rows:get("server", server)
    end
    local row = ____temp_9
    if server == nil or row == nil or row.heardIn == meta.restoredIn then
        return
    end
    hear(step, server, row)
    meta.unheard = (meta.unheard or 1) - 1
    if meta.unheard > 0 then
        return
    end
    local ____meta_limits_10 = meta.limits
    local graceMs = ____meta_limits_10.graceMs
    local recoveryMs = ____meta_limits_10.recoveryMs
    local ____until = (meta.recoverUntil or 0) - recoveryMs + graceMs
    meta.unheard = nil
    meta.recoverUntil = nil
    meta.wholeIn = meta.graceNo
    meta.graceUntil = meta.graceWaits > 0 and ____until or 0
end
function ____exports.mayReclaim(step, session)
    local ____step_11 = step
    local meta = ____step_11.meta
    local running = meta.graceUpTo > 0 and step.now < meta.graceUntil and wasThere(step, session)
    return running and session.reclaimedIn ~= meta.graceNo
end
function ____exports.sessionView(step, id, session)
    local lapsed = session.state == "live" and session.expires <= step.now
    return {
        sessionId = id,
        ttlMs = session.ttlMs,
        expiresWall = wallOf(step, session.expires),
        seenWall = wallOf(step, session.expires - session.ttlMs),
        state = lapsed and "expiring" or (session.state == "ending" and "ended" or session.state),
        node = session.node,
        pid = session.pid,
        label = session.label,
        tenant = session.tenant,
        subject = session.subject,
        rows = session.rows,
        streams = streamsOf(step, session),
        revoked = session.revoked,
        mayReclaim = ____exports.mayReclaim(step, session),
        courtesyMs = session.courtesyMs,
        taken = session.taken or 0,
        tableLife = step.meta.restoredIn or 0,
        shards = session.shards
    }
end
function ____exports.sessionCreate(step, input)
    local known = step.rows:get("session", input.sessionId)
    if known ~= nil then
        local refused = gate(step, input.sessionId, input.digest)
        return refused or ({session = ____exports.sessionView(step, input.sessionId, known)})
    end
    if input.reclaim == true and not inGrace(step) then
        return refuse("no_grace")
    end
    local ____exports_enterSession_result_12 = ____exports.enterSession(step, input, nil)
    local session = ____exports_enterSession_result_12.session
    local refused = ____exports_enterSession_result_12.refused
    return session == nil and refused or ({session = ____exports.sessionView(step, input.sessionId, session)})
end
function ____exports.sessionGet(step, input)
    local session = step.rows:get("session", input.sessionId)
    if session == nil then
        return {refused = {reason = "no_such_session"}}
    end
    if input.digest ~= nil and session.digest ~= input.digest then
        return {refused = {reason = "not_holder"}}
    end
    return {session = ____exports.sessionView(step, input.sessionId, session)}
end
function ____exports.keepalive(step, input)
    local session = step.rows:get("session", input.sessionId)
    if session == nil then
        return {refused = {reason = "no_such_session"}}
    end
    local refused = gate(step, input.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    session.expires = step.now + session.ttlMs
    step.rows:put("session", input.sessionId, session)
    return {session = ____exports.sessionView(step, input.sessionId, session)}
end
function ____exports.sessionList(step, input)
    local sessions = {}
    local after
    local page = step.rows:page("sessions", input.after, endOfList, input.limit)
    for ____, entry in ipairs(page) do
        after = entry.score
        local session = step.rows:get("session", entry.member)
        if session ~= nil then
            sessions[#sessions + 1] = ____exports.sessionView(step, entry.member, session)
        end
    end
    local ____sessions_45 = sessions
    local ____temp_44
    if #page < input.limit then
        ____temp_44 = nil
    else
        ____temp_44 = after
    end
    return {sessions = ____sessions_45, after = ____temp_44}
end
function ____exports.bury(step, id, session)
    local expired = session.state == "expiring"
    local ____session_46 = session
    local guest = ____session_46.guest
    endClaims(step, session)
    leaveNode(step, id, session)
    leaveClient(step, id, session)
    leaveSubject(step, id)
    session.counted = nil
    session.countedTenant = nil
    forgetEnds(step, id)
    session.ended = nil
    session.streams = nil
    session.state = expired and "expired" or "ended"
    local ____step_meta_47, ____sessions_48 = step.meta, "sessions"
    ____step_meta_47[____sessions_48] = ____step_meta_47[____sessions_48] - 1
    step.changed = true
    setDue(
        step,
        keys.session(id),
        session,
        step.now + math.max(tombstoneMs, 2 * session.ttlMs)
    )
    step.rows:put("session", id, session)
    if guest ~= true then
        record(step, {kind = "expired", sessionId = id, cause = expired and "expired" or "ended"})
    end
end
function ____exports.forgetSession(step, id, session)
    setDue(
        step,
        keys.session(id),
        session,
        0
    )
    step.rows:unlink("sessions", id, session.no)
    step.rows:del("session", id)
end
return ____exports
 end,
["libs.locks.src.core.tree.opening"] = function(...)
local ____exports = {}
local keys = require("libs.locks.src.core.keys")
local ____file = require("libs.locks.src.core.rules.file")
local loadFile = ____file.loadFile
local opened = ____file.opened
local usedBy = ____file.usedBy
local ____settle = require("libs.locks.src.core.rules.settle")
local settleFile = ____settle.settleFile
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
____exports.probeMs = 2000
function ____exports.exportCount(step, input)
    local exp = step.rows:get("export", input.name)
    if exp == nil then
        return {counted = false}
    end
    local counts = exp.withoutBackend or ({refused = 0, queued = 0, unbacked = 0})
    counts.refused = counts.refused + input.refused
    counts.queued = counts.queued + input.queued
    exp.withoutBackend = counts
    step.rows:put("export", input.name, exp)
    return {counted = true}
end
local unboundMax = 4096
function ____exports.unboundList(step, input)
    local exp = step.rows:get("export", input.exportName)
    local files = {}
    if exp == nil or exp.opening ~= true or exp.incarnation ~= input.incarnation then
        return {opening = false, files = files}
    end
    for ____, entry in ipairs(step.rows:page(
        keys.unboundFiles(input.exportName),
        0,
        endOfList,
        unboundMax
    )) do
        do
            local __continue6
            repeat
                local row = step.rows:get("file", entry.member)
                if row == nil or row.unbound ~= "name" or row.ending ~= nil then
                    __continue6 = true
                    break
                end
                files[#files + 1] = {fileKey = entry.member, path = row.path}
                if #files == input.limit then
                    break
                end
                __continue6 = true
            until true
            if not __continue6 then
                break
            end
        end
    end
    return {opening = true, files = files}
end
function ____exports.beginOpening(step, exp)
    exp.opening = true
    opened(step, exp)
end
function ____exports.fileBind(step, input)
    local exp = step.rows:get("export", input.exportName)
    local file = loadFile(step, input.fileKey)
    if exp == nil or exp.opening ~= true or exp.incarnation ~= input.incarnation then
        return {bound = false}
    end
    if file == nil or file.row.unbound ~= "name" or file.row.ending ~= nil then
        return {bound = false}
    end
    local row = file.row
    if input.failed ~= nil then
        row.ending = input.failed
    elseif loadFile(step, input.realKey) ~= nil or usedBy(step, exp, input.fileId) ~= nil then
        row.ending = "same_file"
    else
        row.unbound = "asked"
        row.incarnation = exp.incarnation
        row.have = "none"
        row.mayHave = "none"
        row.fileId = input.fileId
        row.inode = input.inode
        row.alias = input.realKey
        exp.bound = exp.bound + 1
        exp.aliases = exp.aliases + 1
        step.rows:put("alias", input.realKey, {fileKey = file.key})
        step.rows:put("export", exp.name, exp)
    end
    settleFile(step, file)
    return {bound = true}
end
return ____exports
 end,
["libs.locks.src.core.verbs.ending"] = function(...)
local ____exports = {}
local keys = require("libs.locks.src.core.keys")
local ____file = require("libs.locks.src.core.rules.file")
local loadFile = ____file.loadFile
local ____hold = require("libs.locks.src.core.rules.hold")
local releaseUnfenced = ____hold.releaseUnfenced
local ____dlm = require("libs.locks.src.core.rules.kinds.dlm")
local dlmKind = ____dlm.dlmKind
local ____kind = require("libs.locks.src.core.rules.kinds.kind")
local dropWaiter = ____kind.dropWaiter
local ____table = require("libs.locks.src.core.rules.kinds.table")
local lockOf = ____table.lockOf
local ____offer = require("libs.locks.src.core.rules.offer")
local endWants = ____offer.endWants
local ____settle = require("libs.locks.src.core.rules.settle")
local settleFile = ____settle.settleFile
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
____exports["end"] = function(step, ____bindingPattern0, reason)
    local row
    local id
    local kind
    kind = ____bindingPattern0.kind
    id = ____bindingPattern0.id
    row = ____bindingPattern0.row
    local file = loadFile(step, row.fileKey)
    kind["end"](
        step,
        file,
        id,
        row,
        reason
    )
    if file ~= nil then
        settleFile(step, file)
    end
end
function ____exports.cancelWaiters(step, file, reason, limit)
    local dropped = 0
    for ____, entry in ipairs(step.rows:page(
        keys.queue(file.key),
        0,
        endOfList,
        limit
    )) do
        do
            local __continue15
            repeat
                local waiter = lockOf(step, entry.member)
                if waiter == nil then
                    __continue15 = true
                    break
                end
                dropWaiter(step, file, waiter, reason)
                dropped = dropped + 1
                __continue15 = true
            until true
            if not __continue15 then
                break
            end
        end
    end
    return dropped
end
function ____exports.endRows(step, file, reason, limit)
    local requests = ____exports.cancelWaiters(step, file, reason, limit)
    local page = step.rows:page(
        keys.fileRows(file.key),
        file.row.endedTo or 0,
        endOfList,
        limit - requests
    )
    local ended = {opens = 0, ranges = 0, requests = requests, more = requests + #page == limit}
    for ____, entry in ipairs(page) do
        do
            local __continue3
            repeat
                file.row.endedTo = entry.score
                local lock = lockOf(step, entry.member)
                if lock == nil then
                    __continue3 = true
                    break
                end
                local ____lock_kind_0 = lock.kind
                local counted = ____lock_kind_0.counted
                if counted ~= nil then
                    ended[counted] = ended[counted] + 1
                end
                ____exports["end"](step, lock, reason)
                __continue3 = true
            until true
            if not __continue3 then
                break
            end
        end
    end
    if not ended.more then
        file.row.endedTo = nil
    end
    settleFile(step, file)
    return ended
end
local orphansPerStep = 64
function ____exports.endOrphansOf(step, node)
    local page = step.rows:page(
        keys.nodeOrphans(node),
        0,
        endOfList,
        orphansPerStep
    )
    for ____, ____value in ipairs(page) do
        local member = ____value.member
        local row = dlmKind.load(step, member)
        if row ~= nil then
            ____exports["end"](step, {kind = dlmKind, id = member, row = row}, "node_down")
        end
    end
    return #page == orphansPerStep
end
function ____exports.wearOff(step, file, unfenced)
    file.row.lockDelayUntil = 0
    file.row.coolUntil = 0
    endWants(step, file)
    if unfenced then
        releaseUnfenced(step, file)
    end
    settleFile(step, file)
end
return ____exports
 end,
["libs.locks.src.core.tree.node"] = function(...)
local ____exports = {}
local die, deadAt, nextLook, nextSessions, mark, release, beginNotice, tellNext, tellSubscriber, sessionsPerStep, pastMax, toldPerStep
local keys = require("libs.locks.src.core.keys")
local ____courtesy = require("libs.locks.src.core.rules.courtesy")
local endSession = ____courtesy.endSession
local ____ending = require("libs.locks.src.core.verbs.ending")
local endOrphansOf = ____ending.endOrphansOf
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local nextSeq = ____step.nextSeq
local record = ____step.record
local setDue = ____step.setDue
function die(step, name, node)
    local past = {node.incarnation}
    for ____, each in ipairs(node.past or ({})) do
        if #past < pastMax then
            past[#past + 1] = each
        end
    end
    node.past = past
    node.state = "recovering"
    node.left = nil
    node.phase = "marking"
    node.lost = node.sessions
    node.walkAfter = 0
    setDue(
        step,
        keys.nodeItem(name),
        node,
        step.now
    )
end
function deadAt(node, region)
    return node.seen + math.max(node.deadMs or 0, region.deadMs)
end
function nextLook(step, node, region)
    if node.phase == "marking" or node.phase == "releasing" then
        return step.now
    end
    local dead = node.state == "up" and deadAt(node, region) or 0
    if node.notice == nil then
        return dead
    end
    return dead == 0 and node.notice["until"] or math.min(dead, node.notice["until"])
end
function nextSessions(step, node, name)
    local list = keys.dependents(keys.nodeItem(name))
    local page = step.rows:page(list, node.walkAfter, endOfList, sessionsPerStep)
    local sessions = {}
    for ____, entry in ipairs(page) do
        do
            local __continue31
            repeat
                node.walkAfter = entry.score
                if keys.itemMember(step.rows, entry.member) ~= "session" then
                    __continue31 = true
                    break
                end
                local id = keys.idOf(step.rows, entry.member)
                local session = step.rows:get("session", id)
                if session ~= nil then
                    sessions[#sessions + 1] = {id = id, session = session}
                end
                __continue31 = true
            until true
            if not __continue31 then
                break
            end
        end
    end
    return {sessions = sessions, more = #page == sessionsPerStep}
end
function mark(step, node, name)
    local ____nextSessions_result_2 = nextSessions(step, node, name)
    local sessions = ____nextSessions_result_2.sessions
    local more = ____nextSessions_result_2.more
    for ____, ____value in ipairs(sessions) do
        local id = ____value.id
        local session = ____value.session
        do
            local __continue36
            repeat
                if session.state ~= "live" and session.state ~= "courtesy" then
                    __continue36 = true
                    break
                end
                endSession(step, id, session, "expiring")
                setDue(
                    step,
                    keys.session(id),
                    session,
                    0
                )
                step.rows:put("session", id, session)
                record(step, {kind = "expired", sessionId = id, cause = "node_down"})
                __continue36 = true
            until true
            if not __continue36 then
                break
            end
        end
    end
    if more then
        return
    end
    node.phase = "telling"
    beginNotice(step, name, node, "down")
end
function release(step, node, name)
    for ____, ____value in ipairs(nextSessions(step, node, name).sessions) do
        local id = ____value.id
        local session = ____value.session
        setDue(
            step,
            keys.session(id),
            session,
            step.now
        )
        step.rows:put("session", id, session)
    end
    if node.sessions > 0 or endOrphansOf(step, name) then
        return
    end
    node.state = "down"
    node.phase = nil
    node.incarnation = ""
    record(step, {kind = "configured", item = "nodes/" .. name, reason = "down"})
end
function beginNotice(step, name, node, event)
    node.notice = {
        noticeId = "n" .. step.rows:digits(nextSeq(step)),
        event = event,
        upTo = 0,
        priority = 0,
        ["until"] = step.now
    }
    local reason = event == "up" and "up" or (node.left == true and "leaving" or "recovering")
    record(step, {kind = "configured", item = "nodes/" .. name, reason = reason})
    setDue(
        step,
        keys.nodeItem(name),
        node,
        step.now
    )
end
function tellNext(step, name, node, region)
    local ____node_3 = node
    local notice = ____node_3.notice
    if notice == nil then
        return
    end
    local page = step.rows:page(
        keys.subscribers(node.region),
        notice.upTo,
        endOfList,
        toldPerStep
    )
    if #page == 0 then
        node.notice = nil
        return
    end
    local ____notice_4 = notice
    local noticeId = ____notice_4.noticeId
    local event = ____notice_4.event
    local waits = {}
    local isFirst = true
    for ____, entry in ipairs(page) do
        local priority = math.floor(entry.score / ____exports.priorityStep)
        if not isFirst and priority ~= notice.priority then
            break
        end
        isFirst = false
        notice.priority = priority
        notice.upTo = entry.score
        local said = {
            noticeId = noticeId,
            node = name,
            region = node.region,
            event = event,
            incarnation = node.incarnation
        }
        if tellSubscriber(step, entry.member, said) then
            waits[#waits + 1] = entry.member
        end
    end
    local ____notice_6 = notice
    local ____temp_5
    if #waits == 0 then
        ____temp_5 = nil
    else
        ____temp_5 = waits
    end
    ____notice_6.waits = ____temp_5
    notice["until"] = #waits == 0 and step.now or step.now + region.ackMs
end
function tellSubscriber(step, subscriber, notice)
    local connection = step.rows:get("connection", subscriber)
    if connection == nil then
        record(step, {kind = "node", sessionId = subscriber, notice = notice})
        return true
    end
    local sessionId = connection.sessionId
    local exportName = connection.exportName
    local minor = connection.minor
    local ____temp_9 = notice.event == "up"
    if not ____temp_9 then
        local ____opt_7 = step.rows:get("session", sessionId)
        ____temp_9 = (____opt_7 and ____opt_7.state) ~= "live"
    end
    if ____temp_9 then
        return false
    end
    local ____temp_10
    if minor > 0 then
        ____temp_10 = true
    else
        ____temp_10 = nil
    end
    local acknowledge = ____temp_10
    record(step, {
        kind = "recovery",
        connectionId = subscriber,
        sessionId = sessionId,
        exportName = exportName,
        notice = notice,
        acknowledge = acknowledge
    })
    return minor > 0
end
sessionsPerStep = 64
pastMax = 8
toldPerStep = 64
____exports.priorityStep = 1099511627776
function ____exports.nodeBeat(step, input)
    local node = step.rows:get("node", input.name)
    local ____temp_0
    if node == nil then
        ____temp_0 = nil
    else
        ____temp_0 = step.rows:get("region", node.region)
    end
    local region = ____temp_0
    if node == nil or region == nil then
        return {refused = {reason = "no_such_item", missing = "nodes/" .. input.name}}
    end
    if node.operation ~= nil then
        return {refused = {reason = "item_removing"}}
    end
    if input.leaving == true and node.incarnation ~= input.incarnation then
        return {refused = {reason = "node_life_over"}}
    end
    for ____, over in ipairs(node.past or ({})) do
        if over == input.incarnation then
            return {refused = {reason = "node_life_over"}}
        end
    end
    local sessionsLost = 0
    if input.leaving == true then
        die(step, input.name, node)
        node.left = true
    elseif node.state == "up" and node.incarnation ~= input.incarnation then
        die(step, input.name, node)
    elseif node.state == "down" then
        sessionsLost = node.lost
        node.state = "up"
        node.incarnation = input.incarnation
        beginNotice(step, input.name, node, "up")
    end
    if node.state == "up" then
        node.seen = step.now
        node.deadMs = region.deadMs
        local ____until = step.now + region.deadMs
        if node.due > ____until then
            setDue(
                step,
                keys.nodeItem(input.name),
                node,
                ____until
            )
        end
    else
        sessionsLost = node.lost
    end
    step.rows:put("node", input.name, node)
    return {state = node.state, beatMs = region.beatMs, deadMs = region.deadMs, sessionsLost = sessionsLost}
end
function ____exports.dueNode(step, name)
    local node = step.rows:get("node", name)
    local ____temp_1
    if node == nil then
        ____temp_1 = nil
    else
        ____temp_1 = step.rows:get("region", node.region)
    end
    local region = ____temp_1
    if node == nil or region == nil then
        return
    end
    if node.state == "up" and step.now >= deadAt(node, region) then
        die(step, name, node)
    end
    if node.phase == "marking" then
        mark(step, node, name)
    elseif node.notice ~= nil and step.now >= node.notice["until"] then
        tellNext(step, name, node, region)
    end
    if node.phase == "telling" and node.notice == nil then
        node.phase = "releasing"
        node.walkAfter = 0
    end
    if node.phase == "releasing" then
        release(step, node, name)
    end
    setDue(
        step,
        keys.nodeItem(name),
        node,
        nextLook(step, node, region)
    )
    step.rows:put("node", name, node)
end
function ____exports.settleNotice(step, name, noticeId, sessionId)
    local node = step.rows:get("node", name)
    local notice = node and node.notice
    if node == nil or notice == nil or notice.noticeId ~= noticeId then
        return false
    end
    local left = {}
    local found = false
    for ____, each in ipairs(notice.waits or ({})) do
        if each == sessionId then
            found = true
        else
            left[#left + 1] = each
        end
    end
    if not found then
        return false
    end
    notice.waits = #left > 0 and left or nil
    if #left == 0 then
        notice["until"] = step.now
        setDue(
            step,
            keys.nodeItem(name),
            node,
            step.now
        )
    end
    step.rows:put("node", name, node)
    return true
end
return ____exports
 end,
["libs.locks.src.core.tree.pins"] = function(...)
local ____exports = {}
local folderOf, ownerOf, dependenciesOf, folders, searched
local keys = require("libs.locks.src.core.keys")
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local ____admission = require("libs.locks.src.core.rules.admission")
local gate = ____admission.gate
local roomFor = ____admission.roomFor
local ____file = require("libs.locks.src.core.rules.file")
local enterSession = ____file.enterSession
local leaveSession = ____file.leaveSession
local ____tenant = require("libs.locks.src.core.rules.tenant")
local veilDependent = ____tenant.veilDependent
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local nextSeq = ____step.nextSeq
local record = ____step.record
local setDue = ____step.setDue
function folderOf(step, key)
    local kind = keys.itemMember(step.rows, key)
    return kind == nil and "" or folders[kind]
end
function ____exports.pathOf(step, key)
    return (folderOf(step, key) .. "/") .. keys.idOf(step.rows, key)
end
function ____exports.dependNoMore(step, on, who, no)
    step.rows:unlink(
        keys.dependents(on),
        who,
        no
    )
end
function ownerOf(step, pin)
    if (pin and pin.sessionId) ~= nil then
        return "sessions/" .. pin.sessionId
    end
    local ____temp_11
    if (pin and pin.by) == nil then
        ____temp_11 = nil
    else
        ____temp_11 = ____exports.pathOf(step, pin.by)
    end
    return ____temp_11
end
function dependenciesOf(step, key)
    local found = {}
    local name = keys.idOf(step.rows, key)
    if keys.itemMember(step.rows, key) == "export" then
        local exp = step.rows:get("export", name)
        if exp ~= nil then
            found[#found + 1] = keys.stackItem(exp.stack)
        end
        if (exp and exp.region) ~= nil then
            found[#found + 1] = keys.regionItem(exp.region)
        end
    elseif keys.itemMember(step.rows, key) == "node" then
        local node = step.rows:get("node", name)
        if node ~= nil then
            found[#found + 1] = keys.regionItem(node.region)
        end
    end
    for ____, entry in ipairs(step.rows:page(
        keys.pinsBy(key),
        0,
        endOfList,
        searched
    )) do
        local pin = step.rows:get("pin", entry.member)
        if pin ~= nil then
            found[#found + 1] = pin.on
        end
    end
    return found
end
function ____exports.dropPin(step, pinId, pin)
    ____exports.dependNoMore(
        step,
        pin.on,
        keys.pin(pinId),
        pin.no
    )
    if pin.by ~= nil then
        step.rows:unlink(
            keys.pinsBy(pin.by),
            pinId,
            pin.no
        )
    end
    if pin.sessionId ~= nil then
        leaveSession(
            step,
            pin.sessionId,
            keys.pin(pinId),
            pin.no
        )
    end
    step.rows:del("pin", pinId)
    local ____temp_26
    if keys.itemMember(step.rows, pin.on) == "export" then
        ____temp_26 = step.rows:get(
            "export",
            keys.idOf(step.rows, pin.on)
        )
    else
        ____temp_26 = nil
    end
    local exp = ____temp_26
    if (exp and exp.demand) == nil then
        return
    end
    setDue(step, pin.on, exp, step.now)
    step.rows:put("export", exp.name, exp)
end
function ____exports.keyOf(kind, name)
    if kind == "stacks" then
        return keys.stackItem(name)
    end
    if kind == "exports" then
        return keys.exportItem(name)
    end
    return kind == "nodes" and keys.nodeItem(name) or keys.regionItem(name)
end
folders = {
    stack = "stacks",
    export = "exports",
    node = "nodes",
    region = "regions",
    adapter = "adapters",
    session = "sessions",
    connection = "connections",
    pin = "pins"
}
function ____exports.itemRow(step, key)
    local name = keys.idOf(step.rows, key)
    local kind = keys.itemMember(step.rows, key)
    if kind == "stack" then
        return step.rows:get("stack", name)
    end
    if kind == "export" then
        return step.rows:get("export", name)
    end
    local ____temp_0
    if kind == "node" then
        ____temp_0 = step.rows:get("node", name)
    else
        ____temp_0 = step.rows:get("region", name)
    end
    return ____temp_0
end
function ____exports.occupy(step, key, operation)
    local ____step_1 = step
    local rows = ____step_1.rows
    local name = keys.idOf(rows, key)
    local kind = keys.itemMember(rows, key)
    if kind == "stack" then
        local row = rows:get("stack", name)
        if row == nil then
            return
        end
        row.operation = operation
        rows:put("stack", name, row)
    elseif kind == "export" then
        local row = rows:get("export", name)
        if row == nil then
            return
        end
        row.operation = operation
        rows:put("export", name, row)
    elseif kind == "node" then
        local row = rows:get("node", name)
        if row == nil then
            return
        end
        row.operation = operation
        rows:put("node", name, row)
    else
        local row = rows:get("region", name)
        if row == nil then
            return
        end
        row.operation = operation
        rows:put("region", name, row)
    end
end
function ____exports.dependOn(step, on, who, no)
    step.rows:link(
        keys.dependents(on),
        who,
        no
    )
end
function ____exports.missing(step, key)
    return {refused = {
        reason = "no_such_item",
        missing = ____exports.pathOf(step, key)
    }}
end
function ____exports.configured(step, key, reason)
    record(
        step,
        {
            kind = "configured",
            item = ____exports.pathOf(step, key),
            reason = reason
        }
    )
end
local function dependentOf(step, member, viewer)
    local name = keys.idOf(step.rows, member)
    local ____temp_2
    if keys.itemMember(step.rows, member) == "pin" then
        ____temp_2 = step.rows:get("pin", name)
    else
        ____temp_2 = nil
    end
    local pin = ____temp_2
    local view = {
        kind = folderOf(step, member),
        name = name,
        because = pin and pin.because,
        by = ownerOf(step, pin)
    }
    local sessionId = view.kind == "sessions" and name or pin and pin.sessionId
    if viewer == nil or sessionId == nil then
        return view
    end
    return veilDependent(step, viewer, view, sessionId)
end
local function fileOf(step, fileKey, viewer)
    local row = step.rows:get("file", fileKey)
    local view = {kind = "files", name = row == nil and fileKey or row.path}
    return viewer == nil and view or veilDependent(step, viewer, view, nil)
end
function ____exports.dependentsOf(step, key, after, limit, viewer)
    local ____step_12 = step
    local rows = ____step_12.rows
    local others = rows:page(
        keys.dependents(key),
        after,
        endOfList,
        limit
    )
    local files = keys.itemMember(rows, key) == "export" and rows:page(
        keys.exportFiles(keys.idOf(rows, key)),
        after,
        endOfList,
        limit
    ) or ({})
    local dependents = {}
    local o = 0
    local f = 0
    local last = after
    while #dependents < limit and (o < #others or f < #files) do
        local other = others[o + 1]
        local file = files[f + 1]
        if other ~= nil and (file == nil or other.score < file.score) then
            dependents[#dependents + 1] = dependentOf(step, other.member, viewer)
            last = other.score
            o = o + 1
        elseif file ~= nil then
            dependents[#dependents + 1] = fileOf(step, file.member, viewer)
            last = file.score
            f = f + 1
        end
    end
    local ____dependents_14 = dependents
    local ____temp_13
    if #dependents < limit then
        ____temp_13 = nil
    else
        ____temp_13 = last
    end
    return {dependents = ____dependents_14, after = ____temp_13}
end
local named = 16
function ____exports.inUse(step, key, reason)
    local ____exports_dependentsOf_result_15 = ____exports.dependentsOf(step, key, 0, named)
    local dependents = ____exports_dependentsOf_result_15.dependents
    local ____temp_16
    if #dependents == 0 then
        ____temp_16 = nil
    else
        ____temp_16 = {refused = {reason = reason, dependents = dependents}}
    end
    return ____temp_16
end
function ____exports.dependentList(step, input)
    local key = ____exports.keyOf(input.kind, input.name)
    if ____exports.itemRow(step, key) == nil then
        return ____exports.missing(step, key)
    end
    return ____exports.dependentsOf(
        step,
        key,
        input.after,
        input.limit,
        input.viewer
    )
end
searched = 256
local function dependsOn(step, key, other)
    local found = {key}
    local seen = {}
    do
        local at = 0
        while at < #found do
            do
                local __continue37
                repeat
                    if at == searched then
                        return true
                    end
                    local each = found[at + 1]
                    if each == nil or seen[each] == true then
                        __continue37 = true
                        break
                    end
                    if each == other then
                        return true
                    end
                    seen[each] = true
                    for ____, next in ipairs(dependenciesOf(step, each)) do
                        found[#found + 1] = next
                    end
                    __continue37 = true
                until true
                if not __continue37 then
                    break
                end
            end
            at = at + 1
        end
    end
    return false
end
local pinsMax = 256
local function pinView(step, pinId, pin)
    local ____pinId_20 = pinId
    local ____exports_pathOf_result_21 = ____exports.pathOf(step, pin.on)
    local ____pin_sessionId_22 = pin.sessionId
    local ____temp_19
    if pin.by == nil then
        ____temp_19 = nil
    else
        ____temp_19 = ____exports.pathOf(step, pin.by)
    end
    return {
        pinId = ____pinId_20,
        on = ____exports_pathOf_result_21,
        sessionId = ____pin_sessionId_22,
        by = ____temp_19,
        because = pin.because
    }
end
function ____exports.pinAdd(step, input)
    local on = ____exports.keyOf(input.kind, input.name)
    local ____temp_23
    if input.by == nil then
        ____temp_23 = nil
    else
        ____temp_23 = ____exports.keyOf(input.by.kind, input.by.name)
    end
    local by = ____temp_23
    local ____input_24 = input
    local sessionId = ____input_24.sessionId
    local pinId = ____input_24.pinId
    if sessionId ~= nil then
        local refused = gate(step, sessionId, input.digest)
        if refused ~= nil then
            return refused
        end
    end
    local item = ____exports.itemRow(step, on)
    if item == nil then
        return ____exports.missing(step, on)
    end
    if item.operation ~= nil then
        return refuse("item_removing")
    end
    if by ~= nil then
        local owner = ____exports.itemRow(step, by)
        if owner == nil then
            return ____exports.missing(step, by)
        end
        if owner.operation ~= nil then
            return refuse("item_removing")
        end
        if dependsOn(step, on, by) then
            return refuse("pin_cycle")
        end
        if #step.rows:page(
            keys.pinsBy(by),
            0,
            endOfList,
            pinsMax
        ) == pinsMax then
            return refuse("items_max")
        end
    end
    local ____temp_25
    if sessionId == nil then
        ____temp_25 = nil
    else
        ____temp_25 = roomFor(step, sessionId, 1)
    end
    local full = ____temp_25
    if full ~= nil then
        return full
    end
    local no = nextSeq(step)
    local pin = {
        no = no,
        on = on,
        sessionId = sessionId,
        by = by,
        because = input.because
    }
    ____exports.dependOn(
        step,
        on,
        keys.pin(pinId),
        no
    )
    if by ~= nil then
        step.rows:link(
            keys.pinsBy(by),
            pinId,
            no
        )
    end
    if sessionId ~= nil then
        enterSession(
            step,
            sessionId,
            keys.pin(pinId),
            no
        )
    end
    step.rows:put("pin", pinId, pin)
    return {pin = pinView(step, pinId, pin)}
end
local function pinFor(step, input)
    local pin = step.rows:get("pin", input.pinId)
    if pin == nil then
        return {refused = refuse("no_such_pin")}
    end
    if pin.sessionId == nil then
        return input.digest == nil and ({pin = pin}) or ({refused = refuse("not_holder")})
    end
    local refused = gate(step, pin.sessionId, input.digest)
    return refused == nil and ({pin = pin}) or ({refused = refused})
end
function ____exports.pinGet(step, input)
    local found = pinFor(step, input)
    if found.refused ~= nil then
        return found.refused
    end
    return {pin = pinView(step, input.pinId, found.pin)}
end
function ____exports.pinDrop(step, input)
    local found = pinFor(step, input)
    if found.refused ~= nil then
        return found.refused
    end
    ____exports.dropPin(step, input.pinId, found.pin)
    return {dropped = true}
end
function ____exports.dropPinsBy(step, key)
    for ____, entry in ipairs(step.rows:page(
        keys.pinsBy(key),
        0,
        endOfList,
        pinsMax
    )) do
        local pin = step.rows:get("pin", entry.member)
        if pin ~= nil then
            ____exports.dropPin(step, entry.member, pin)
        end
    end
end
return ____exports
 end,
["libs.locks.src.core.tree.subscription"] = function(...)
local ____exports = {}
local scoreOf
local keys = require("libs.locks.src.core.keys")
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local ____admission = require("libs.locks.src.core.rules.admission")
local gate = ____admission.gate
local roomFor = ____admission.roomFor
local ____file = require("libs.locks.src.core.rules.file")
local enterSession = ____file.enterSession
local leaveSession = ____file.leaveSession
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local nextSeq = ____step.nextSeq
local ____node = require("libs.locks.src.core.tree.node")
local priorityStep = ____node.priorityStep
local settleNotice = ____node.settleNotice
local ____pins = require("libs.locks.src.core.tree.pins")
local missing = ____pins.missing
function scoreOf(row)
    return row.priority * priorityStep + (row.place or row.no)
end
function ____exports.endSubscription(step, id, row)
    local ____row_2 = row
    local region = ____row_2.region
    local sessionId = ____row_2.sessionId
    local connection = ____row_2.connection
    local no = ____row_2.no
    local subscriber = connection or sessionId
    step.rows:unlink(
        keys.subscribers(region),
        subscriber,
        scoreOf(row)
    )
    if connection == nil then
        leaveSession(
            step,
            sessionId,
            keys.subscription(id),
            no
        )
    end
    step.rows:del("subscription", id)
    for ____, entry in ipairs(step.rows:page(
        keys.dependents(keys.regionItem(region)),
        0,
        endOfList,
        endOfList
    )) do
        do
            local __continue23
            repeat
                if keys.itemMember(step.rows, entry.member) ~= "node" then
                    __continue23 = true
                    break
                end
                local name = keys.idOf(step.rows, entry.member)
                local node = step.rows:get("node", name)
                if (node and node.notice) ~= nil then
                    settleNotice(step, name, node.notice.noticeId, subscriber)
                end
                __continue23 = true
            until true
            if not __continue23 then
                break
            end
        end
    end
end
local subscribersMax = 256
function ____exports.subscriptionOf(region, subscriber)
    return (region .. ":") .. subscriber
end
local function isFull(step, region)
    return #step.rows:page(
        keys.subscribers(region),
        0,
        endOfList,
        subscribersMax
    ) == subscribersMax
end
local function enter(step, subscriber, row)
    row.no = nextSeq(step)
    row.place = (step.meta.subscriptions or 0) + 1
    step.meta.subscriptions = row.place
    step.rows:link(
        keys.subscribers(row.region),
        subscriber,
        scoreOf(row)
    )
    step.rows:put(
        "subscription",
        ____exports.subscriptionOf(row.region, subscriber),
        row
    )
end
local connectionPriority = 1001
function ____exports.subscribeConnection(step, connectionId, row)
    local ____row_0 = row
    local region = ____row_0.region
    local sessionId = ____row_0.sessionId
    if region == nil then
        return nil
    end
    if isFull(step, region) then
        return refuse("items_max")
    end
    enter(step, connectionId, {
        no = 0,
        region = region,
        sessionId = sessionId,
        priority = connectionPriority,
        connection = connectionId
    })
    return nil
end
function ____exports.subscribe(step, input)
    local ____input_1 = input
    local region = ____input_1.region
    local sessionId = ____input_1.sessionId
    local priority = ____input_1.priority
    local refused = gate(step, sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    local item = step.rows:get("region", region)
    if item == nil then
        return missing(
            step,
            keys.regionItem(region)
        )
    end
    if item.operation ~= nil then
        return refuse("item_removing")
    end
    local id = ____exports.subscriptionOf(region, sessionId)
    local known = step.rows:get("subscription", id)
    if known ~= nil and known.priority == priority then
        return {subscribed = true}
    end
    if known == nil then
        local full = roomFor(step, sessionId, 1)
        if full ~= nil then
            return full
        end
        if isFull(step, region) then
            return refuse("items_max")
        end
    else
        ____exports.endSubscription(step, id, known)
    end
    local row = {no = 0, region = region, sessionId = sessionId, priority = priority}
    enter(step, sessionId, row)
    enterSession(
        step,
        sessionId,
        keys.subscription(id),
        row.no
    )
    return {subscribed = true}
end
function ____exports.unsubscribe(step, input)
    local refused = gate(step, input.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    local id = ____exports.subscriptionOf(input.region, input.sessionId)
    local known = step.rows:get("subscription", id)
    if known == nil then
        return {unsubscribed = false}
    end
    ____exports.endSubscription(step, id, known)
    return {unsubscribed = true}
end
function ____exports.noticeAck(step, input)
    local refused = gate(step, input.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    if step.rows:get("node", input.node) == nil then
        return missing(
            step,
            keys.nodeItem(input.node)
        )
    end
    local ____input_5 = input
    local connectionId = ____input_5.connectionId
    local ____temp_6
    if connectionId == nil then
        ____temp_6 = nil
    else
        ____temp_6 = step.rows:get("connection", connectionId)
    end
    local connection = ____temp_6
    if connectionId ~= nil and connection == nil then
        return refuse("no_such_connection")
    end
    if connection ~= nil and connection.sessionId ~= input.sessionId then
        return refuse("not_holder")
    end
    return {taken = settleNotice(step, input.node, input.noticeId, connectionId or input.sessionId)}
end
return ____exports
 end,
["libs.locks.src.core.tree.connection"] = function(...)
local ____exports = {}
local keys = require("libs.locks.src.core.keys")
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local ____admission = require("libs.locks.src.core.rules.admission")
local gate = ____admission.gate
local roomFor = ____admission.roomFor
local turnedAway = ____admission.turnedAway
local ____connection = require("libs.locks.src.core.rules.connection")
local dlmProtocol = ____connection.dlmProtocol
local enterConnection = ____connection.enterConnection
local hasLocks = ____connection.hasLocks
local outlastLocks = ____connection.outlastLocks
local removeConnection = ____connection.removeConnection
local ____ended = require("libs.locks.src.core.rules.ended")
local rememberEnd = ____ended.rememberEnd
local ____file = require("libs.locks.src.core.rules.file")
local loadFile = ____file.loadFile
local ____dlm = require("libs.locks.src.core.rules.kinds.dlm")
local dlmKind = ____dlm.dlmKind
local ____kind = require("libs.locks.src.core.rules.kinds.kind")
local dropWaiter = ____kind.dropWaiter
local ____settle = require("libs.locks.src.core.rules.settle")
local settleFile = ____settle.settleFile
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local ____subscription = require("libs.locks.src.core.tree.subscription")
local endSubscription = ____subscription.endSubscription
local subscribeConnection = ____subscription.subscribeConnection
local subscriptionOf = ____subscription.subscriptionOf
local ____ending = require("libs.locks.src.core.verbs.ending")
local ____end = ____ending["end"]
function ____exports.dropConnection(step, id, row, reason)
    rememberEnd(step, id, row, reason)
    if row.region ~= nil then
        local name = subscriptionOf(row.region, id)
        local subscription = step.rows:get("subscription", name)
        if subscription ~= nil then
            endSubscription(step, name, subscription)
        end
    end
    removeConnection(step, id, row, reason)
end
local locksPerStep = 64
local function viewOf(step, connectionId, row)
    local ____row_0 = row
    local sessionId = ____row_0.sessionId
    local exportName = ____row_0.exportName
    local state = ____row_0.state
    local stack = ____row_0.stack
    local major = ____row_0.major
    local minor = ____row_0.minor
    local node = ____row_0.node
    local region = ____row_0.region
    local ____temp_3
    if node == nil then
        ____temp_3 = nil
    else
        local ____opt_1 = step.rows:get("node", node)
        ____temp_3 = ____opt_1 and ____opt_1.state
    end
    local nodeState = ____temp_3
    return {
        connectionId = connectionId,
        sessionId = sessionId,
        exportName = exportName,
        state = state,
        stack = stack,
        major = major,
        minor = minor,
        node = node,
        nodeState = nodeState,
        region = region
    }
end
function ____exports.connect(step, input)
    local ____input_4 = input
    local sessionId = ____input_4.sessionId
    local connectionId = ____input_4.connectionId
    local exportName = ____input_4.exportName
    local body = ____input_4.body
    local refused = gate(step, sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    local known = step.rows:get("connection", connectionId)
    if known ~= nil then
        if known.sessionId ~= sessionId then
            return refuse("not_holder")
        end
        if known.body ~= body then
            return refuse("id_reused_with_other_body")
        end
        return {connection = viewOf(step, connectionId, known)}
    end
    local ended = step.rows:get("ended", connectionId)
    if ended ~= nil then
        return refuse(ended.body == body and "connection_over" or "id_reused_with_other_body")
    end
    if input.major ~= dlmProtocol.major then
        return refuse("protocol_mismatch")
    end
    local ____opt_5 = step.rows:get("session", sessionId)
    local node = ____opt_5 and ____opt_5.node
    if input.node ~= nil and input.node ~= node then
        return refuse("other_node")
    end
    local ref = {fileKey = "", fileId = "", exportName = exportName, resource = true}
    local away = turnedAway(step, ref, sessionId) or roomFor(step, sessionId, 1)
    local exp = step.rows:get("export", exportName)
    if away ~= nil or exp == nil then
        return away or refuse("no_such_export")
    end
    if input.stack ~= nil and input.stack ~= exp.stack then
        return refuse("stack_mismatch")
    end
    local row = {
        no = 0,
        sessionId = sessionId,
        exportName = exportName,
        state = "connected",
        stack = exp.stack,
        major = dlmProtocol.major,
        minor = math.min(input.minor, dlmProtocol.minor),
        node = node,
        region = exp.region,
        walkAfter = 0,
        body = body
    }
    local full = subscribeConnection(step, connectionId, row)
    if full ~= nil then
        return full
    end
    enterConnection(step, connectionId, row)
    return {connection = viewOf(step, connectionId, row)}
end
local function connectionFor(step, ____bindingPattern0)
    local digest
    local connectionId
    connectionId = ____bindingPattern0.connectionId
    digest = ____bindingPattern0.digest
    local row = step.rows:get("connection", connectionId)
    if row == nil then
        return {refused = refuse("no_such_connection")}
    end
    local refused = gate(step, row.sessionId, digest)
    return refused == nil and ({row = row}) or ({refused = refused})
end
function ____exports.connectionGet(step, input)
    local ____connectionFor_result_7 = connectionFor(step, input)
    local row = ____connectionFor_result_7.row
    local refused = ____connectionFor_result_7.refused
    return row == nil and refused or ({connection = viewOf(step, input.connectionId, row)})
end
function ____exports.connectionList(step, input)
    local ____input_8 = input
    local exportName = ____input_8.exportName
    local limit = ____input_8.limit
    if step.rows:get("export", exportName) == nil then
        return refuse("no_such_export")
    end
    local connections = {}
    local page = step.rows:page(
        keys.dependents(keys.exportItem(exportName)),
        input.after,
        endOfList,
        limit
    )
    local after
    for ____, ____value in ipairs(page) do
        local member = ____value.member
        local score = ____value.score
        do
            local __continue19
            repeat
                after = score
                if keys.itemMember(step.rows, member) ~= "connection" then
                    __continue19 = true
                    break
                end
                local id = keys.idOf(step.rows, member)
                local row = step.rows:get("connection", id)
                if row ~= nil then
                    connections[#connections + 1] = viewOf(step, id, row)
                end
                __continue19 = true
            until true
            if not __continue19 then
                break
            end
        end
    end
    local ____connections_10 = connections
    local ____temp_9
    if #page < limit then
        ____temp_9 = nil
    else
        ____temp_9 = after
    end
    return {connections = ____connections_10, after = ____temp_9}
end
function ____exports.connectionHangup(step, input)
    local ____connectionFor_result_11 = connectionFor(step, input)
    local row = ____connectionFor_result_11.row
    local refused = ____connectionFor_result_11.refused
    if row == nil then
        return refused
    end
    row.state = "hungUp"
    local list = keys.connectionLocks(input.connectionId)
    local page = step.rows:page(list, row.walkAfter, endOfList, locksPerStep)
    local touched = {}
    local files = {}
    for ____, ____value in ipairs(page) do
        local member = ____value.member
        local score = ____value.score
        do
            local __continue25
            repeat
                row.walkAfter = score
                local lock = step.rows:get("dlm", member)
                local ____temp_14
                if (lock and lock.wants) == nil then
                    ____temp_14 = nil
                else
                    ____temp_14 = loadFile(step, lock.fileKey)
                end
                local file = ____temp_14
                if lock == nil or file == nil then
                    __continue25 = true
                    break
                end
                if lock.mode == nil then
                    rememberEnd(step, member, lock, "hung_up")
                end
                dropWaiter(step, file, {kind = dlmKind, id = member, row = lock}, "hung_up")
                if touched[file.key] ~= true then
                    files[#files + 1] = file.key
                end
                touched[file.key] = true
                __continue25 = true
            until true
            if not __continue25 then
                break
            end
        end
    end
    step.rows:put("connection", input.connectionId, row)
    for ____, key in ipairs(files) do
        local file = loadFile(step, key)
        if file ~= nil then
            settleFile(step, file)
        end
    end
    return {more = #page == locksPerStep}
end
function ____exports.disconnect(step, input)
    local ____input_15 = input
    local connectionId = ____input_15.connectionId
    local ____connectionFor_result_16 = connectionFor(step, input)
    local row = ____connectionFor_result_16.row
    local refused = ____connectionFor_result_16.refused
    if row == nil then
        return refused
    end
    if row.state ~= "hungUp" then
        return refuse("connection_live")
    end
    for ____, ____value in ipairs(step.rows:page(
        keys.connectionLocks(connectionId),
        0,
        endOfList,
        locksPerStep
    )) do
        local member = ____value.member
        local lock = step.rows:get("dlm", member)
        if lock ~= nil then
            ____end(step, {kind = dlmKind, id = member, row = lock}, "disconnected")
        end
    end
    if hasLocks(step, connectionId) then
        return {more = true}
    end
    ____exports.dropConnection(step, connectionId, row, "disconnected")
    return {more = false}
end
function ____exports.endConnection(step, id, reason)
    local row = step.rows:get("connection", id)
    if row == nil then
        return
    end
    if hasLocks(step, id) then
        outlastLocks(step, id, row)
    else
        ____exports.dropConnection(step, id, row, reason)
    end
end
return ____exports
 end,
["libs.locks.src.core.tree.stack"] = function(...)
local ____exports = {}
local heard, pastMax
local keys = require("libs.locks.src.core.keys")
local ____step = require("libs.locks.src.core.step")
local inShards = ____step.inShards
local nextSeq = ____step.nextSeq
local setDue = ____step.setDue
local ____pins = require("libs.locks.src.core.tree.pins")
local configured = ____pins.configured
local dependNoMore = ____pins.dependNoMore
local dependOn = ____pins.dependOn
function ____exports.leaveTree(step, row)
    local key = keys.exportItem(row.name)
    dependNoMore(
        step,
        keys.stackItem(row.stack),
        key,
        row.no
    )
    if row.region ~= nil then
        dependNoMore(
            step,
            keys.regionItem(row.region),
            key,
            row.no
        )
    end
    setDue(step, key, row, 0)
    step.rows:unlink("exports", row.name, row.no)
end
function ____exports.rememberPast(row)
    local past = {row.incarnation}
    for ____, each in ipairs(row.past or ({})) do
        if #past < pastMax then
            past[#past + 1] = each
        end
    end
    row.past = past
end
function heard(step, incarnation, row)
    if row.state == "lost" then
        row.state = "up"
        dependOn(
            step,
            keys.stackItem(row.stack),
            keys.adapter(incarnation),
            row.no
        )
    end
    row.seen = step.now
    if row.state ~= "stopped" then
        setDue(
            step,
            keys.adapter(incarnation),
            row,
            step.now + step.meta.limits.lostMs
        )
    end
    step.rows:put("adapter", incarnation, row)
end
function ____exports.enterStack(step, name)
    local known = step.rows:get("stack", name)
    if known ~= nil then
        return known
    end
    local row = {
        no = nextSeq(step),
        version = nextSeq(step)
    }
    step.rows:link("stacks", name, row.no)
    step.rows:put("stack", name, row)
    configured(
        step,
        keys.stackItem(name),
        "created"
    )
    return row
end
pastMax = 8
function ____exports.freshExport(step, name, stack, old, no)
    if old ~= nil then
        ____exports.leaveTree(step, old)
    end
    local ____local = stack == "local"
    local ____temp_1 = no or nextSeq(step)
    local ____nextSeq_result_2 = nextSeq(step)
    local ____name_3 = name
    local ____stack_4 = stack
    local ____local_5 = ____local
    local ____temp_6 = ____local and "up" or "none"
    local ____step_now_7 = step.now
    local ____inShards_result_0
    if inShards(step) then
        ____inShards_result_0 = true
    else
        ____inShards_result_0 = nil
    end
    local row = {
        no = ____temp_1,
        version = ____nextSeq_result_2,
        name = ____name_3,
        stack = ____stack_4,
        ["local"] = ____local_5,
        state = ____temp_6,
        policy = "refuse",
        bound = 0,
        aliases = 0,
        breakMs = 0,
        lockDelayMs = 0,
        breakLimitMs = 0,
        incarnation = "",
        endpoint = "",
        seen = ____step_now_7,
        reported = ____local,
        due = 0,
        unconfirmed = 0,
        delegations = 0,
        directories = false,
        spread = ____inShards_result_0
    }
    step.rows:link("exports", name, row.no)
    ____exports.enterStack(step, stack)
    dependOn(
        step,
        keys.stackItem(stack),
        keys.exportItem(name),
        row.no
    )
    return row
end
function ____exports.tooLongFor(breakLimitMs, breakMs)
    if breakLimitMs == 0 or breakMs > 0 and breakMs <= breakLimitMs then
        return nil
    end
    return {refused = {reason = "break_time_too_long", breakLimitMs = breakLimitMs}}
end
function ____exports.vacate(row)
    ____exports.rememberPast(row)
    row.state = "none"
    row.incarnation = ""
    row.endpoint = ""
    row.process = nil
    row.adapterKey = nil
    row.cause = nil
    row.reported = false
    row.opening = nil
    row.walkAfter = 0
end
function ____exports.bindToRegion(step, row, region)
    local key = keys.exportItem(row.name)
    if row.region ~= nil and row.region ~= region then
        dependNoMore(
            step,
            keys.regionItem(row.region),
            key,
            row.no
        )
    end
    if region ~= nil and row.region ~= region then
        dependOn(
            step,
            keys.regionItem(region),
            key,
            row.no
        )
    end
    row.region = region
end
local forgottenMs = 600000
function ____exports.connectAdapter(step, input)
    local ____input_8 = input
    local stack = ____input_8.stack
    local incarnation = ____input_8.incarnation
    local version = ____input_8.version
    local major = ____input_8.major
    local minor = ____input_8.minor
    local endpoint = ____input_8.endpoint
    local known = step.rows:get("adapter", incarnation)
    if known ~= nil and (known.major ~= major or known.stack ~= stack) then
        return {minor = known.minor, refused = {refused = {reason = "protocol_pinned"}}}
    end
    local ____known_16 = known
    if ____known_16 == nil then
        local ____nextSeq_result_10 = nextSeq(step)
        local ____stack_11 = stack
        local ____version_12 = version
        local ____major_13 = major
        local ____minor_14 = minor
        local ____endpoint_15 = endpoint
        local ____temp_9
        if step.meta.lostUpTo == nil then
            ____temp_9 = true
        else
            ____temp_9 = nil
        end
        ____known_16 = {
            no = ____nextSeq_result_10,
            stack = ____stack_11,
            version = ____version_12,
            major = ____major_13,
            minor = ____minor_14,
            endpoint = ____endpoint_15,
            state = "up",
            silent = ____temp_9,
            seen = step.now,
            due = 0
        }
    end
    local row = ____known_16
    if known == nil then
        step.rows:link(
            keys.stackAdapters(stack),
            incarnation,
            row.no
        )
        dependOn(
            step,
            keys.stackItem(stack),
            keys.adapter(incarnation),
            row.no
        )
    end
    row.endpoint = endpoint
    heard(step, incarnation, row)
    return {minor = row.minor}
end
function ____exports.heardAdapter(step, incarnation)
    local row = step.rows:get("adapter", incarnation)
    if row == nil then
        return false
    end
    heard(step, incarnation, row)
    return row.state == "stopped"
end
function ____exports.breakSilence(step, incarnation)
    local row = step.rows:get("adapter", incarnation)
    if (row and row.silent) ~= true then
        return
    end
    row.silent = nil
    step.rows:put("adapter", incarnation, row)
end
function ____exports.leaveBehind(step, exp)
    local row = step.rows:get("adapter", exp.incarnation)
    if row == nil then
        return
    end
    local left = {exp.name}
    for ____, each in ipairs(row.left or ({})) do
        if each ~= exp.name then
            left[#left + 1] = each
        end
    end
    row.left = left
    step.rows:put("adapter", exp.incarnation, row)
end
function ____exports.stopAdapter(step, incarnation, row)
    if row.state == "stopped" then
        return
    end
    if row.state ~= "lost" then
        dependNoMore(
            step,
            keys.stackItem(row.stack),
            keys.adapter(incarnation),
            row.no
        )
    end
    row.state = "stopped"
    setDue(
        step,
        keys.adapter(incarnation),
        row,
        step.now + forgottenMs
    )
    step.rows:put("adapter", incarnation, row)
end
function ____exports.retireAdapter(step, incarnation)
    local row = step.rows:get("adapter", incarnation)
    if row ~= nil then
        ____exports.stopAdapter(step, incarnation, row)
    end
end
function ____exports.forgetAdapter(step, incarnation)
    local row = step.rows:get("adapter", incarnation)
    if row == nil then
        return
    end
    if row.state == "up" or row.state == "stopping" then
        dependNoMore(
            step,
            keys.stackItem(row.stack),
            keys.adapter(incarnation),
            row.no
        )
    end
    setDue(
        step,
        keys.adapter(incarnation),
        row,
        0
    )
    step.rows:unlink(
        keys.stackAdapters(row.stack),
        incarnation,
        row.no
    )
    step.rows:del("adapter", incarnation)
end
function ____exports.dueAdapter(step, incarnation)
    local row = step.rows:get("adapter", incarnation)
    if row == nil then
        return
    end
    if row.state == "up" or row.state == "stopping" then
        if row.state == "stopping" then
            ____exports.stopAdapter(step, incarnation, row)
            return
        end
        row.state = "lost"
        dependNoMore(
            step,
            keys.stackItem(row.stack),
            keys.adapter(incarnation),
            row.no
        )
        setDue(
            step,
            keys.adapter(incarnation),
            row,
            step.now + forgottenMs
        )
        step.rows:put("adapter", incarnation, row)
        return
    end
    ____exports.forgetAdapter(step, incarnation)
end
return ____exports
 end,
["libs.locks.src.core.tree.operation"] = function(...)
local ____exports = {}
local isShared, partId, exportsOf, emptyExport, endFile, breakFile, adapterIdle, clearDependents, unpin, endSession, disconnectFrom, disconnect, finish, hungUp, operationView, operationsMax, rememberedMs, lookMs, filesPerStep, rowsPerStep, dependentsPerStep, removedMax, countedMax
local keys = require("libs.locks.src.core.keys")
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local ____break = require("libs.locks.src.core.rules.break")
local startBreak = ____break.startBreak
local voidPending = ____break.voidPending
local ____conflict = require("libs.locks.src.core.rules.conflict")
local liveType = ____conflict.liveType
local rank = ____conflict.rank
local ____courtesy = require("libs.locks.src.core.rules.courtesy")
local expire = ____courtesy.endSession
local ____file = require("libs.locks.src.core.rules.file")
local loadFile = ____file.loadFile
local tally = ____file.tally
local ____grace = require("libs.locks.src.core.rules.grace")
local endGrace = ____grace.endGrace
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local inShards = ____step.inShards
local nextSeq = ____step.nextSeq
local record = ____step.record
local setDue = ____step.setDue
local wallOf = ____step.wallOf
local ____connection = require("libs.locks.src.core.tree.connection")
local dropConnection = ____connection.dropConnection
local ____connection = require("libs.locks.src.core.rules.connection")
local hasLocks = ____connection.hasLocks
local ____ending = require("libs.locks.src.core.verbs.ending")
local cancelWaiters = ____ending.cancelWaiters
local endRows = ____ending.endRows
local wearOff = ____ending.wearOff
local ____pins = require("libs.locks.src.core.tree.pins")
local configured = ____pins.configured
local dependNoMore = ____pins.dependNoMore
local dependOn = ____pins.dependOn
local dropPin = ____pins.dropPin
local dropPinsBy = ____pins.dropPinsBy
local itemRow = ____pins.itemRow
local occupy = ____pins.occupy
local pathOf = ____pins.pathOf
local ____stack = require("libs.locks.src.core.tree.stack")
local leaveBehind = ____stack.leaveBehind
local leaveTree = ____stack.leaveTree
local stopAdapter = ____stack.stopAdapter
local vacate = ____stack.vacate
local ____subscription = require("libs.locks.src.core.tree.subscription")
local endSubscription = ____subscription.endSubscription
function ____exports.beginOperation(step, id, kind, of, deadlineMs, part)
    local ____nextSeq_result_1 = nextSeq(step)
    local ____kind_2 = kind
    local ____of_3 = of
    local ____step_wall_4 = step.wall
    local ____temp_5 = step.now + deadlineMs
    local ____part_6 = part
    local ____isShared_result_0
    if isShared(step, of) then
        ____isShared_result_0 = true
    else
        ____isShared_result_0 = nil
    end
    local row = {
        no = ____nextSeq_result_1,
        kind = ____kind_2,
        of = ____of_3,
        state = "running",
        phase = "cancelling",
        startedWall = ____step_wall_4,
        endedWall = 0,
        deadline = ____temp_5,
        walkAfter = 0,
        part = ____part_6,
        elsewhere = ____isShared_result_0,
        requestsCancelled = 0,
        leasesBroken = 0,
        leasesRevoked = 0,
        opensClosed = 0,
        rangesReleased = 0,
        sessionsEnded = 0,
        pinsDropped = 0,
        due = 0
    }
    step.rows:link("operations", id, row.no)
    if keys.itemMember(step.rows, of) ~= "adapter" then
        occupy(step, of, id)
        configured(step, of, kind == "remove" and "removing" or "stopping")
    end
    setDue(
        step,
        keys.operation(id),
        row,
        step.now
    )
    step.rows:put("operation", id, row)
    return operationView(step, id, row)
end
function isShared(step, of)
    local kind = keys.itemMember(step.rows, of)
    local all = kind == "export" or kind == "adapter" or kind == "stack"
    return all and inShards(step) and step.meta.shard == 0
end
function partId(id, key)
    return (id .. ":") .. key
end
function exportsOf(step, stack, incarnation)
    local found = {}
    for ____, entry in ipairs(step.rows:page(
        keys.dependents(keys.stackItem(stack)),
        0,
        endOfList,
        operationsMax
    )) do
        local name = keys.idOf(step.rows, entry.member)
        local ____temp_7
        if keys.itemMember(step.rows, entry.member) == "export" then
            ____temp_7 = step.rows:get("export", name)
        else
            ____temp_7 = nil
        end
        local exp = ____temp_7
        if (exp and exp.incarnation) == incarnation then
            found[#found + 1] = name
        end
    end
    return found
end
function emptyExport(step, id, row, exp)
    local giveUp = row.deadline + 2 * step.meta.limits.askMs
    if row.walkAfter == nil and row.phase ~= "revoking" then
        return math.min(row.deadline, step.now + lookMs)
    end
    local unfenced = step.now >= giveUp
    local page = step.rows:page(
        keys.exportFiles(exp.name),
        row.walkAfter or 0,
        endOfList,
        filesPerStep
    )
    for ____, entry in ipairs(page) do
        do
            local __continue35
            repeat
                local file = loadFile(step, entry.member)
                if file == nil then
                    __continue35 = true
                    break
                end
                local ____temp_13
                if row.phase == "revoking" then
                    ____temp_13 = endFile(step, id, file, unfenced)
                else
                    ____temp_13 = breakFile(step, id, row, file)
                end
                local more = ____temp_13
                if more then
                    return step.now
                end
                row.walkAfter = entry.score
                __continue35 = true
            until true
            if not __continue35 then
                break
            end
        end
    end
    if #page == filesPerStep then
        return step.now
    end
    row.walkAfter = nil
    if row.phase == "cancelling" then
        row.phase = "breaking"
    end
    return row.phase == "revoking" and step.now + lookMs or math.min(row.deadline, step.now + lookMs)
end
function endFile(step, id, file, unfenced)
    local ended = endRows(step, file, "export_stopped", rowsPerStep)
    tally(step, id, "requestsCancelled", ended.requests)
    tally(step, id, "opensClosed", ended.opens)
    tally(step, id, "rangesReleased", ended.ranges)
    if ended.more then
        return true
    end
    wearOff(step, file, unfenced)
    return false
end
function breakFile(step, id, row, file)
    local cancelled = cancelWaiters(step, file, "export_stopping", rowsPerStep)
    tally(step, id, "requestsCancelled", cancelled)
    voidPending(step, file, "export_stopping")
    if rank(liveType(file.row)) > 0 then
        tally(step, id, "leasesBroken", 1)
        startBreak(
            step,
            file,
            "none",
            "admin",
            nil,
            row.deadline,
            false
        )
    end
    wearOff(step, file, false)
    return cancelled == rowsPerStep
end
function adapterIdle(step, row)
    local adapter = step.rows:get(
        "adapter",
        keys.idOf(step.rows, row.of)
    )
    if adapter == nil then
        return true
    end
    for ____, name in ipairs(exportsOf(
        step,
        adapter.stack,
        keys.idOf(step.rows, row.of)
    )) do
        local ____opt_14 = step.rows:get("export", name)
        if (____opt_14 and ____opt_14.operation) ~= nil then
            return false
        end
    end
    return true
end
function clearDependents(step, id, row)
    local key = row.of
    local page = step.rows:page(
        keys.dependents(key),
        0,
        endOfList,
        dependentsPerStep
    )
    for ____, entry in ipairs(page) do
        local name = keys.idOf(step.rows, entry.member)
        local kind = keys.itemMember(step.rows, entry.member)
        if kind == "pin" then
            unpin(step, id, name)
        elseif kind == "session" then
            endSession(step, id, name)
        elseif kind == "adapter" then
            disconnect(step, name)
        elseif kind == "connection" then
            disconnectFrom(step, name)
        else
            local ____opt_16 = itemRow(step, entry.member)
            if (____opt_16 and ____opt_16.operation) == nil then
                local leftMs = math.max(0, row.deadline - step.now)
                ____exports.beginOperation(
                    step,
                    partId(row.part or id, entry.member),
                    "remove",
                    entry.member,
                    leftMs,
                    row.part or id
                )
            end
        end
    end
    return #page > 0
end
function unpin(step, id, pinId)
    local pin = step.rows:get("pin", pinId)
    if pin == nil then
        return
    end
    dropPin(step, pinId, pin)
    record(
        step,
        {
            kind = "unpinned",
            sessionId = pin.sessionId,
            pinId = pinId,
            item = pathOf(step, pin.on),
            reason = "item_removing"
        }
    )
    tally(step, id, "pinsDropped", 1)
end
function endSession(step, id, sessionId)
    local session = step.rows:get("session", sessionId)
    if session == nil then
        return
    end
    if session.state ~= "live" and session.state ~= "courtesy" and session.due ~= 0 then
        return
    end
    expire(step, sessionId, session, "expiring")
    setDue(
        step,
        keys.session(sessionId),
        session,
        step.now
    )
    step.rows:put("session", sessionId, session)
    tally(step, id, "sessionsEnded", 1)
end
function disconnectFrom(step, id)
    local row = step.rows:get("connection", id)
    if row ~= nil and not hasLocks(step, id) then
        dropConnection(step, id, row, "item_removing")
    end
end
function disconnect(step, incarnation)
    local adapter = step.rows:get("adapter", incarnation)
    if adapter == nil then
        return
    end
    if #exportsOf(step, adapter.stack, incarnation) > 0 then
        return
    end
    stopAdapter(step, incarnation, adapter)
end
function finish(step, id, row)
    local key = row.of
    local name = keys.idOf(step.rows, key)
    local ____temp_18
    if row.part == nil then
        ____temp_18 = nil
    else
        ____temp_18 = step.rows:get("operation", row.part)
    end
    local whole = ____temp_18
    if row.kind == "remove" then
        ____exports.remove(step, key)
        local counts = whole or row
        local removed = {}
        for ____, each in ipairs(counts.removed or ({})) do
            removed[#removed + 1] = each
        end
        if #removed < removedMax then
            removed[#removed + 1] = pathOf(step, key)
        end
        counts.removed = removed
    elseif row.kind == "hangup" then
        hungUp(step, name, row)
    else
        local adapter = step.rows:get("adapter", name)
        if adapter ~= nil then
            stopAdapter(step, name, adapter)
        end
    end
    row.state = "done"
    row.phase = "done"
    row.endedWall = step.wall
    setDue(
        step,
        keys.operation(id),
        row,
        step.now + rememberedMs
    )
    step.rows:put("operation", id, row)
    if whole ~= nil and row.part ~= nil then
        if whole.state == "running" then
            setDue(
                step,
                keys.operation(row.part),
                whole,
                step.now
            )
        end
        step.rows:put("operation", row.part, whole)
    end
    record(step, {kind = "configured", item = "operations/" .. id, reason = "done"})
end
function hungUp(step, name, row)
    local exp = step.rows:get("export", name)
    if exp == nil then
        return
    end
    local ____temp_19
    if row.part == nil then
        ____temp_19 = nil
    else
        ____temp_19 = step.rows:get("operation", row.part)
    end
    local stop = ____temp_19
    exp.operation = nil
    if (stop and stop.kind) ~= "stop" then
        exp.stopped = true
    elseif keys.adapter(exp.incarnation) == stop.of then
        vacate(exp)
    end
    exp.predecessors = nil
    step.rows:put("export", name, exp)
    configured(
        step,
        keys.exportItem(name),
        exp.stopped == true and "stopped" or "served no longer"
    )
end
function ____exports.remove(step, key)
    local ____step_22 = step
    local rows = ____step_22.rows
    local name = keys.idOf(rows, key)
    local kind = keys.itemMember(rows, key)
    dropPinsBy(step, key)
    if kind == "export" then
        local exp = rows:get("export", name)
        if exp == nil then
            return
        end
        endGrace(step, exp)
        leaveTree(step, exp)
        leaveBehind(step, exp)
        rows:del("export", name)
    elseif kind == "node" then
        local node = rows:get("node", name)
        if node == nil then
            return
        end
        dependNoMore(
            step,
            keys.regionItem(node.region),
            key,
            node.no
        )
        setDue(step, key, node, 0)
        rows:unlink("nodes", name, node.no)
        rows:del("node", name)
    elseif kind == "stack" then
        local stack = rows:get("stack", name)
        if stack ~= nil then
            rows:unlink("stacks", name, stack.no)
        end
        rows:del("stack", name)
    else
        local region = rows:get("region", name)
        for ____, entry in ipairs(rows:page(
            keys.subscribers(name),
            0,
            endOfList,
            operationsMax
        )) do
            local id = (name .. ":") .. entry.member
            local subscription = rows:get("subscription", id)
            if subscription ~= nil then
                endSubscription(step, id, subscription)
            end
        end
        if region ~= nil then
            rows:unlink("regions", name, region.no)
        end
        rows:del("region", name)
    end
    configured(step, key, "removed")
end
function operationView(step, id, row)
    local key = row.of
    local name = keys.idOf(step.rows, key)
    local files = keys.itemMember(step.rows, key) == "export" and row.state == "running"
    local ____id_24 = id
    local ____row_kind_25 = row.kind
    local ____pathOf_result_26 = pathOf(step, key)
    local ____row_state_27 = row.state
    local ____row_phase_28 = row.phase
    local ____row_startedWall_29 = row.startedWall
    local ____wallOf_result_30 = wallOf(step, row.deadline)
    local ____temp_23
    if row.endedWall == 0 then
        ____temp_23 = nil
    else
        ____temp_23 = row.endedWall
    end
    return {
        operationId = ____id_24,
        kind = ____row_kind_25,
        of = ____pathOf_result_26,
        state = ____row_state_27,
        phase = ____row_phase_28,
        startedWall = ____row_startedWall_29,
        deadlineWall = ____wallOf_result_30,
        endedWall = ____temp_23,
        requestsCancelled = row.requestsCancelled,
        leasesBroken = row.leasesBroken,
        leasesRevoked = row.leasesRevoked,
        opensClosed = row.opensClosed,
        rangesReleased = row.rangesReleased,
        sessionsEnded = row.sessionsEnded,
        pinsDropped = row.pinsDropped,
        removed = row.removed or ({}),
        elsewhere = row.elsewhere,
        filesLeft = files and #step.rows:page(
            keys.exportFiles(name),
            0,
            endOfList,
            countedMax
        ) or 0
    }
end
operationsMax = 1000
rememberedMs = 600000
lookMs = 200
filesPerStep = 16
rowsPerStep = 64
dependentsPerStep = 64
removedMax = 256
local function roomForOne(step)
    local full = #step.rows:page("operations", 0, endOfList, operationsMax) == operationsMax
    return full and refuse("items_max") or nil
end
function ____exports.exportHangup(step, input)
    local exp = step.rows:get("export", input.name)
    if exp == nil then
        return refuse("no_such_export")
    end
    if exp.operation ~= nil then
        return refuse("operation_running")
    end
    local full = roomForOne(step)
    if full ~= nil then
        return full
    end
    return {operation = ____exports.beginOperation(
        step,
        input.operationId,
        "hangup",
        keys.exportItem(input.name),
        input.deadlineMs
    )}
end
function ____exports.exportResume(step, input)
    local exp = step.rows:get("export", input.name)
    if exp == nil then
        return refuse("no_such_export")
    end
    if exp.operation ~= nil then
        return refuse("operation_running")
    end
    if exp.stopped ~= true then
        return {resumed = false}
    end
    exp.stopped = nil
    step.rows:put("export", input.name, exp)
    configured(
        step,
        keys.exportItem(input.name),
        "resumed"
    )
    return {resumed = true}
end
function ____exports.adapterStop(step, input)
    local adapter = step.rows:get("adapter", input.incarnation)
    if adapter == nil or adapter.stack ~= input.stack or adapter.state == "stopped" then
        return refuse("no_such_adapter")
    end
    if adapter.operation ~= nil then
        return refuse("operation_running")
    end
    local full = roomForOne(step)
    if full ~= nil then
        return full
    end
    local id = input.operationId
    if adapter.state == "lost" then
        dependOn(
            step,
            keys.stackItem(adapter.stack),
            keys.adapter(input.incarnation),
            adapter.no
        )
    end
    adapter.state = "stopping"
    adapter.operation = id
    step.rows:put("adapter", input.incarnation, adapter)
    local of = keys.adapter(input.incarnation)
    local view = ____exports.beginOperation(
        step,
        id,
        "stop",
        of,
        input.deadlineMs
    )
    for ____, name in ipairs(exportsOf(step, adapter.stack, input.incarnation)) do
        do
            local __continue19
            repeat
                local exp = step.rows:get("export", name)
                if exp == nil or exp.operation ~= nil then
                    __continue19 = true
                    break
                end
                ____exports.beginOperation(
                    step,
                    partId(
                        id,
                        keys.exportItem(name)
                    ),
                    "hangup",
                    keys.exportItem(name),
                    input.deadlineMs,
                    id
                )
                __continue19 = true
            until true
            if not __continue19 then
                break
            end
        end
    end
    return {operation = view}
end
function ____exports.dueOperation(step, id)
    local row = step.rows:get("operation", id)
    if row == nil then
        return
    end
    if row.state == "done" then
        setDue(
            step,
            keys.operation(id),
            row,
            0
        )
        step.rows:unlink("operations", id, row.no)
        step.rows:del("operation", id)
        return
    end
    local before = row.phase
    local key = row.of
    local ____temp_10
    if keys.itemMember(step.rows, key) == "export" then
        ____temp_10 = step.rows:get(
            "export",
            keys.idOf(step.rows, key)
        )
    else
        ____temp_10 = nil
    end
    local exp = ____temp_10
    if step.now >= row.deadline then
        row.phase = "revoking"
    end
    local next = exp == nil and step.now + lookMs or emptyExport(step, id, row, exp)
    local ____temp_11
    if row.kind == "remove" then
        ____temp_11 = clearDependents(step, id, row)
    else
        ____temp_11 = false
    end
    local left = ____temp_11
    local files = exp ~= nil and #step.rows:page(
        keys.exportFiles(exp.name),
        0,
        endOfList,
        1
    ) > 0
    local ____temp_12
    if row.kind == "stop" then
        ____temp_12 = adapterIdle(step, row)
    else
        ____temp_12 = not left and not files
    end
    local isOver = ____temp_12
    if isOver and row.elsewhere ~= true then
        finish(step, id, row)
        return
    end
    setDue(
        step,
        keys.operation(id),
        row,
        isOver and math.max(next, step.now + lookMs) or next
    )
    step.rows:put("operation", id, row)
    if row.phase ~= before then
        record(step, {kind = "configured", item = "operations/" .. id, reason = row.phase})
    end
end
countedMax = 1000
function ____exports.operationGet(step, input)
    local row = step.rows:get("operation", input.operationId)
    if row == nil then
        return refuse("no_such_operation")
    end
    return {operation = operationView(step, input.operationId, row)}
end
function ____exports.operationList(step)
    local operations = {}
    for ____, entry in ipairs(step.rows:page("operations", 0, endOfList, operationsMax)) do
        local row = step.rows:get("operation", entry.member)
        if row ~= nil then
            operations[#operations + 1] = operationView(step, entry.member, row)
        end
    end
    return {operations = operations}
end
function ____exports.operationAlone(step, input)
    local ____input_31 = input
    local id = ____input_31.operationId
    local row = step.rows:get("operation", id)
    if row == nil or row.elsewhere ~= true then
        return {known = false}
    end
    row.elsewhere = nil
    setDue(
        step,
        keys.operation(id),
        row,
        step.now
    )
    step.rows:put("operation", id, row)
    return {known = true}
end
return ____exports
 end,
["libs.locks.src.core.tree.export"] = function(...)
local ____exports = {}
local stateOf, includes, wasSuperseded, servedByAnother, spreadAmong, leftBehind, supersede, servesBeside, bury, lose, treeLost, overlapOf, overlaps, related, inService, settleDown, needless, walk, exportsMax, walkPerStep, countedMax
local ____lives = require("libs.locks.src.core.lives")
local beginAnew = ____lives.beginAnew
local hasLived = ____lives.hasLived
local noteGone = ____lives.noteGone
local keys = require("libs.locks.src.core.keys")
local ____admission = require("libs.locks.src.core.rules.admission")
local byName = ____admission.byName
local ____break = require("libs.locks.src.core.rules.break")
local startBreak = ____break.startBreak
local voidPending = ____break.voidPending
local ____conflict = require("libs.locks.src.core.rules.conflict")
local liveType = ____conflict.liveType
local rank = ____conflict.rank
local stronger = ____conflict.stronger
local weaker = ____conflict.weaker
local ____file = require("libs.locks.src.core.rules.file")
local enterFile = ____file.enterFile
local loadFile = ____file.loadFile
local ____hold = require("libs.locks.src.core.rules.hold")
local answered = ____hold.answered
local isVacant = ____hold.isVacant
local lostHold = ____hold.lostHold
local mayAsk = ____hold.mayAsk
local ____range_2Dasks = require("libs.locks.src.core.rules.range-asks")
local leftOver = ____range_2Dasks.leftOver
local rangesLocked = ____range_2Dasks.rangesLocked
local reportedRanges = ____range_2Dasks.reportedRanges
local ____range_2Dbacking = require("libs.locks.src.core.rules.range-backing")
local backsRanges = ____range_2Dbacking.backsRanges
local noteDoubt = ____range_2Dbacking.noteDoubt
local ____settle = require("libs.locks.src.core.rules.settle")
local settleFile = ____settle.settleFile
local ____step = require("libs.locks.src.core.step")
local earlier = ____step.earlier
local endOfList = ____step.endOfList
local inShards = ____step.inShards
local record = ____step.record
local setDue = ____step.setDue
local ____session = require("libs.locks.src.core.verbs.session")
local beginGrace = ____session.beginGrace
local ____opening = require("libs.locks.src.core.tree.opening")
local beginOpening = ____opening.beginOpening
local ____operation = require("libs.locks.src.core.tree.operation")
local remove = ____operation.remove
local ____pins = require("libs.locks.src.core.tree.pins")
local configured = ____pins.configured
local ____stack = require("libs.locks.src.core.tree.stack")
local breakSilence = ____stack.breakSilence
local connectAdapter = ____stack.connectAdapter
local forgetAdapter = ____stack.forgetAdapter
local freshExport = ____stack.freshExport
local heardAdapter = ____stack.heardAdapter
local rememberPast = ____stack.rememberPast
local retireAdapter = ____stack.retireAdapter
local tooLongFor = ____stack.tooLongFor
local vacate = ____stack.vacate
function stateOf(row)
    if row.stopped == true then
        return "stopped"
    end
    if row.operation ~= nil then
        return "stopping"
    end
    if row.state == "up" and (row.opening == true or not row.reported) then
        return "opening"
    end
    return row.state
end
function ____exports.exportView(step, row)
    local adapter = step.rows:get("adapter", row.incarnation)
    local counts = row.withoutBackend or ({refused = 0, queued = 0, unbacked = 0})
    local ____row_name_12 = row.name
    local ____row_no_13 = row.no
    local ____row_version_14 = row.version
    local ____row_stack_15 = row.stack
    local ____row_local_16 = row["local"]
    local ____row_policy_17 = row.policy
    local ____row_region_18 = row.region
    local ____temp_19 = row.demand ~= nil
    local ____stateOf_result_20 = stateOf(row)
    local ____byName_result_21 = byName(row)
    local ____row_cause_22 = row.cause
    local ____row_fileSystem_23 = row.fileSystem
    local ____row_breakMs_24 = row.breakMs
    local ____row_lockDelayMs_25 = row.lockDelayMs
    local ____opt_8 = row.own
    local ____temp_26 = ____opt_8 and ____opt_8.maxHoldMs
    local ____opt_10 = row.own
    return {
        name = ____row_name_12,
        no = ____row_no_13,
        version = ____row_version_14,
        stack = ____row_stack_15,
        ["local"] = ____row_local_16,
        policy = ____row_policy_17,
        region = ____row_region_18,
        demand = ____temp_19,
        state = ____stateOf_result_20,
        byName = ____byName_result_21,
        cause = ____row_cause_22,
        fileSystem = ____row_fileSystem_23,
        breakMs = ____row_breakMs_24,
        lockDelayMs = ____row_lockDelayMs_25,
        maxHoldMs = ____temp_26,
        ranges = ____opt_10 and ____opt_10.ranges or "table",
        breakLimitMs = row.breakLimitMs,
        incarnation = row.incarnation,
        endpoint = row.endpoint,
        major = adapter == nil and 0 or adapter.major,
        minor = adapter == nil and 0 or adapter.minor,
        unconfirmed = row.unconfirmed,
        unboundFiles = #step.rows:page(
            keys.unboundFiles(row.name),
            0,
            endOfList,
            countedMax
        ),
        delegations = row.delegations,
        directories = row.directories,
        refused = counts.refused,
        queued = counts.queued,
        unbacked = counts.unbacked,
        operation = row.operation,
        spread = row.spread
    }
end
function includes(list, item)
    for ____, each in ipairs(list or ({})) do
        if each == item then
            return true
        end
    end
    return false
end
function wasSuperseded(row, incarnation)
    for ____, predecessor in ipairs(row.predecessors or ({})) do
        if predecessor.incarnation == incarnation then
            return true
        end
    end
    return includes(row.past, incarnation)
end
function servedByAnother(step, row, input)
    local ____row_36 = row
    local adapterKey = ____row_36.adapterKey
    local process = ____row_36.process
    local ____temp_39
    if adapterKey == nil then
        ____temp_39 = (process and process.hostId) == input.process.hostId
    else
        ____temp_39 = adapterKey == input.adapterKey
    end
    local same = ____temp_39
    local ____temp_42 = not same and row.state == "up"
    if ____temp_42 then
        local ____opt_40 = step.rows:get("adapter", row.incarnation)
        ____temp_42 = (____opt_40 and ____opt_40.state) == "up"
    end
    return ____temp_42
end
function spreadAmong(step, names)
    if not inShards(step) then
        return nil
    end
    local spread = {}
    for ____, name in ipairs(names) do
        local ____opt_54 = step.rows:get("export", name)
        if (____opt_54 and ____opt_54.spread) == true then
            spread[#spread + 1] = name
        end
    end
    return spread
end
function leftBehind(step, incarnation)
    local ____opt_56 = step.rows:get("adapter", incarnation)
    return ____opt_56 and ____opt_56.left
end
function supersede(step, row)
    if row.incarnation == "" then
        return
    end
    rememberPast(row)
    local ____opt_58 = step.rows:get("adapter", row.incarnation)
    if (____opt_58 and ____opt_58.silent) == true then
        if not servesBeside(step, row) then
            forgetAdapter(step, row.incarnation)
        end
        return
    end
    if row.process == nil then
        return
    end
    local predecessors = {{incarnation = row.incarnation, process = row.process}}
    for ____, each in ipairs(row.predecessors or ({})) do
        predecessors[#predecessors + 1] = each
    end
    row.predecessors = predecessors
end
function servesBeside(step, row)
    for ____, entry in ipairs(step.rows:page("exports", 0, endOfList, exportsMax)) do
        do
            local __continue64
            repeat
                if entry.member == row.name then
                    __continue64 = true
                    break
                end
                local ____opt_60 = step.rows:get("export", entry.member)
                if (____opt_60 and ____opt_60.incarnation) == row.incarnation then
                    return true
                end
                __continue64 = true
            until true
            if not __continue64 then
                break
            end
        end
    end
    return false
end
function bury(step, row, dead)
    if row.predecessors == nil then
        return false
    end
    local left = {}
    local found = false
    for ____, predecessor in ipairs(row.predecessors) do
        do
            local __continue93
            repeat
                if not includes(dead, predecessor.incarnation) then
                    left[#left + 1] = predecessor
                    __continue93 = true
                    break
                end
                found = true
                forgetAdapter(step, predecessor.incarnation)
                __continue93 = true
            until true
            if not __continue93 then
                break
            end
        end
    end
    row.predecessors = #left > 0 and left or nil
    return found
end
function lose(step, row, cause)
    row.state = "lost"
    noteDoubt(row)
    local ____backsRanges_result_68
    if backsRanges({exp = row}) then
        ____backsRanges_result_68 = true
    else
        ____backsRanges_result_68 = nil
    end
    local ranges = ____backsRanges_result_68
    record(step, {kind = "jeopardy", exportName = row.name, cause = cause, ranges = ranges})
    configured(
        step,
        keys.exportItem(row.name),
        "lost"
    )
end
function treeLost(step, incarnation, name, cause)
    local row = step.rows:get("export", name)
    if row == nil or row.incarnation ~= incarnation then
        return
    end
    if row.cause ~= cause then
        row.cause = cause
        lose(step, row, cause)
    end
    walk(step, row)
end
function overlapOf(step, input)
    for ____, entry in ipairs(step.rows:page("exports", 0, endOfList, exportsMax)) do
        do
            local __continue106
            repeat
                local other = step.rows:get("export", entry.member)
                if other == nil or other.place == nil or includes(input.exports, other.name) then
                    __continue106 = true
                    break
                end
                for ____, ____value in ipairs(input.places or ({})) do
                    local exportName = ____value.exportName
                    local parts = ____value.parts
                    local ancestry = ____value.ancestry
                    do
                        local __continue108
                        repeat
                            local ____temp_69
                            if other.stack == input.stack then
                                ____temp_69 = overlaps(parts, other.place)
                            else
                                ____temp_69 = related(ancestry, other.ancestry)
                            end
                            local same = ____temp_69
                            if not same then
                                __continue108 = true
                                break
                            end
                            if inService(step, other) then
                                return {exportName = exportName, other = other.name}
                            end
                            other.place = nil
                            other.yielded = true
                            step.rows:put("export", other.name, other)
                            break
                        until true
                        if not __continue108 then
                            break
                        end
                    end
                end
                __continue106 = true
            until true
            if not __continue106 then
                break
            end
        end
    end
    return nil
end
function overlaps(one, other)
    do
        local depth = 0
        while depth < #one and depth < #other do
            if one[depth + 1] ~= other[depth + 1] then
                return false
            end
            depth = depth + 1
        end
    end
    return true
end
function related(one, other)
    local a, b = one and one[1], other and other[1]
    if a == nil or b == nil then
        return false
    end
    return includes(one, b) or includes(other, a)
end
function inService(step, row)
    return row.state == "up" or row.cause ~= nil or #step.rows:page(
        keys.exportFiles(row.name),
        0,
        endOfList,
        1
    ) > 0
end
function settleDown(row, places)
    row.place = nil
    row.fileSystem = nil
    row.ancestry = nil
    for ____, ____value in ipairs(places or ({})) do
        local exportName = ____value.exportName
        local fileSystem = ____value.fileSystem
        local parts = ____value.parts
        local ancestry = ____value.ancestry
        do
            local __continue121
            repeat
                if exportName ~= row.name then
                    __continue121 = true
                    break
                end
                row.place = parts
                row.ancestry = ancestry
                row.fileSystem = fileSystem
                __continue121 = true
            until true
            if not __continue121 then
                break
            end
        end
    end
end
function needless(step, row, demand)
    local ____step_74 = step
    local rows = ____step_74.rows
    if row.operation ~= nil or #rows:page(
        keys.exportFiles(row.name),
        0,
        endOfList,
        1
    ) > 0 then
        return false
    end
    if #rows:page(
        keys.dependents(keys.exportItem(row.name)),
        0,
        endOfList,
        1
    ) > 0 then
        return false
    end
    return demand.probes == 0 or step.now >= demand["until"]
end
function walk(step, row)
    local walks = mayAsk(row) or isVacant(row)
    if row.walkAfter ~= nil and walks then
        local page = step.rows:page(
            keys.heldFiles(row.name),
            row.walkAfter,
            endOfList,
            walkPerStep
        )
        for ____, entry in ipairs(page) do
            local file = loadFile(step, entry.member)
            if file ~= nil then
                settleFile(step, file)
            end
            row.walkAfter = entry.score
        end
        if #page < walkPerStep then
            row.walkAfter = nil
        end
    end
    local lostAt = row.state == "up" and not row["local"] and row.seen + step.meta.limits.lostMs or 0
    local unused = row.demand ~= nil and step.now < row.demand["until"] and row.demand["until"] or 0
    setDue(
        step,
        keys.exportItem(row.name),
        row,
        row.walkAfter ~= nil and walks and step.now or earlier(lostAt, unused)
    )
    step.rows:put("export", row.name, row)
end
function ____exports.doubtAdapters(step)
    for ____, entry in ipairs(step.rows:page("exports", 0, endOfList, exportsMax)) do
        do
            local __continue166
            repeat
                local exp = step.rows:get("export", entry.member)
                if exp == nil or exp["local"] then
                    __continue166 = true
                    break
                end
                exp.reported = false
                step.rows:put("export", entry.member, exp)
                __continue166 = true
            until true
            if not __continue166 then
                break
            end
        end
    end
end
exportsMax = 1000
local predecessorsMax = 64
walkPerStep = 64
function ____exports.exportDeclare(step, input)
    local ____input_0 = input
    local stack = ____input_0.stack
    if stack == nil then
        stack = "local"
    end
    local known = step.rows:get("export", input.name)
    if known ~= nil and known.stack ~= stack then
        return {declared = false}
    end
    local row = known or freshExport(step, input.name, stack, nil)
    if known == nil and not row["local"] then
        row.policy = "wait"
    end
    local ____opt_1 = row.own
    row.breakMs = ____opt_1 and ____opt_1.breakMs or input.breakMs
    local ____opt_3 = row.own
    row.lockDelayMs = ____opt_3 and ____opt_3.lockDelayMs or input.lockDelayMs
    local ____opt_5 = row.own
    local ____temp_7 = ____opt_5 and ____opt_5.directories
    if ____temp_7 == nil then
        ____temp_7 = input.directories == true
    end
    row.directories = ____temp_7
    if known == nil then
        configured(
            step,
            keys.exportItem(input.name),
            "created"
        )
    end
    step.rows:put("export", input.name, row)
    return {declared = true}
end
countedMax = 1000
function ____exports.exportList(step, input)
    local exports = {}
    if input.name ~= nil then
        local row = step.rows:get("export", input.name)
        if row ~= nil then
            exports[#exports + 1] = ____exports.exportView(step, row)
        end
        return {exports = exports}
    end
    for ____, entry in ipairs(step.rows:page("exports", 0, endOfList, exportsMax)) do
        local row = step.rows:get("export", entry.member)
        if row ~= nil then
            exports[#exports + 1] = ____exports.exportView(step, row)
        end
    end
    return {exports = exports}
end
local function registerRefusal(step, row, input)
    local ____tooLongFor_32 = tooLongFor
    local ____input_breakLimitMs_31 = input.breakLimitMs
    local ____opt_27 = row and row.own
    local tooLong = ____tooLongFor_32(____input_breakLimitMs_31, ____opt_27 and ____opt_27.breakMs or input.breakMs)
    if tooLong ~= nil then
        return tooLong
    end
    if row == nil then
        return nil
    end
    if row["local"] or row.stack ~= input.stack then
        return {refused = {reason = "stack_mismatch"}}
    end
    if wasSuperseded(row, input.incarnation) then
        return {refused = {reason = "incarnation_superseded"}}
    end
    local ____temp_35 = row.incarnation ~= input.incarnation
    if ____temp_35 then
        local ____opt_33 = row.predecessors
        ____temp_35 = (____opt_33 and #____opt_33) == predecessorsMax
    end
    if ____temp_35 then
        return {refused = {reason = "predecessors_max"}}
    end
    return servedByAnother(step, row, input) and ({refused = {reason = "export_served"}}) or nil
end
local function seenNow(step)
    return {epoch = step.meta.epoch, token = step.meta.token}
end
local function noteSeen(step, seen)
    if seen == nil then
        return
    end
    local ____step_43 = step
    local meta = ____step_43.meta
    local lived = hasLived(step, seen.epoch) or not noteGone(step, seen.epoch)
    if lived and seen.token <= meta.token then
        return
    end
    meta.token = math.max(meta.token, seen.token)
    beginAnew(step, seen.epoch, 0)
    beginGrace(step, meta.sessions, true)
    ____exports.doubtAdapters(step)
end
function ____exports.register(step, input)
    local ____opt_44 = step.rows:get("stack", input.stack)
    if (____opt_44 and ____opt_44.operation) ~= nil then
        return {refused = {reason = "item_removing"}}
    end
    for ____, name in ipairs(input.exports) do
        local refused = registerRefusal(
            step,
            step.rows:get("export", name),
            input
        )
        if refused ~= nil then
            return refused
        end
    end
    local overlap = overlapOf(step, input)
    if overlap ~= nil then
        return {refused = {reason = "export_overlap", overlap = overlap}}
    end
    local agreed = connectAdapter(step, input)
    if agreed.refused ~= nil then
        return agreed.refused
    end
    noteSeen(step, input.seen)
    local predecessors = {}
    local left = leftBehind(step, input.incarnation)
    for ____, name in ipairs(input.exports) do
        do
            local __continue43
            repeat
                local known = step.rows:get("export", name)
                if known == nil and includes(left, name) then
                    __continue43 = true
                    break
                end
                local row = known or freshExport(step, name, input.stack, nil)
                local backAgain = row.state == "lost" and row.incarnation == input.incarnation
                if row.incarnation ~= input.incarnation then
                    noteDoubt(row)
                    supersede(step, row)
                    row.reported = false
                    row.opening = nil
                end
                row.state = "up"
                row.incarnation = input.incarnation
                row.process = input.process
                row.adapterKey = input.adapterKey
                row.endpoint = input.endpoint
                local ____opt_46 = row.own
                row.breakMs = ____opt_46 and ____opt_46.breakMs or input.breakMs
                local ____opt_48 = row.own
                row.lockDelayMs = ____opt_48 and ____opt_48.lockDelayMs or input.lockDelayMs
                row.breakLimitMs = input.breakLimitMs
                local ____temp_50
                if input.locksRanges == true then
                    ____temp_50 = true
                else
                    ____temp_50 = nil
                end
                row.locksRanges = ____temp_50
                local ____opt_51 = row.own
                local ____temp_53 = ____opt_51 and ____opt_51.directories
                if ____temp_53 == nil then
                    ____temp_53 = input.directories == true
                end
                row.directories = ____temp_53
                row.seen = step.now
                row.cause = nil
                row.yielded = nil
                settleDown(row, input.places)
                for ____, predecessor in ipairs(row.predecessors or ({})) do
                    predecessors[#predecessors + 1] = {incarnation = predecessor.incarnation, process = predecessor.process}
                end
                if backAgain then
                    record(step, {kind = "reclaimed", exportName = name})
                end
                row.walkAfter = 0
                walk(step, row)
                configured(
                    step,
                    keys.exportItem(name),
                    "registered"
                )
                __continue43 = true
            until true
            if not __continue43 then
                break
            end
        end
    end
    return {
        seen = seenNow(step),
        minor = agreed.minor,
        predecessors = predecessors,
        spread = spreadAmong(step, input.exports)
    }
end
function ____exports.heartbeat(step, input)
    local adapter = step.rows:get("adapter", input.incarnation)
    if adapter ~= nil then
        noteSeen(step, input.seen)
    end
    local stop = heardAdapter(step, input.incarnation)
    local opening = {}
    local minor = adapter and adapter.minor
    local spread = spreadAmong(step, input.exports)
    if stop then
        return {
            seen = seenNow(step),
            known = true,
            opening = opening,
            stop = stop,
            minor = minor,
            spread = spread
        }
    end
    local left = leftBehind(step, input.incarnation)
    local known = true
    for ____, name in ipairs(input.exports) do
        do
            local __continue71
            repeat
                local row = step.rows:get("export", name)
                if row == nil and includes(left, name) then
                    __continue71 = true
                    break
                end
                if row == nil then
                    return {
                        seen = seenNow(step),
                        known = false,
                        opening = opening,
                        stop = stop,
                        minor = minor,
                        spread = spread
                    }
                end
                if row.incarnation ~= input.incarnation then
                    if (adapter and adapter.state) == "stopping" then
                        __continue71 = true
                        break
                    end
                    return wasSuperseded(row, input.incarnation) and ({refused = {reason = "incarnation_superseded"}}) or ({
                        seen = seenNow(step),
                        known = false,
                        opening = opening,
                        stop = stop,
                        minor = minor,
                        spread = spread
                    })
                end
                if row.yielded == true then
                    return {
                        seen = seenNow(step),
                        known = false,
                        opening = opening,
                        stop = stop,
                        minor = minor,
                        spread = spread
                    }
                end
                if row.opening == true then
                    opening[#opening + 1] = name
                end
                row.seen = step.now
                if bury(step, row, input.dead) then
                    row.walkAfter = 0
                end
                if row.state == "lost" then
                    row.state = "up"
                    row.cause = nil
                    row.walkAfter = 0
                    record(step, {kind = "reclaimed", exportName = name})
                    configured(
                        step,
                        keys.exportItem(name),
                        "registered"
                    )
                end
                walk(step, row)
                known = known and row.reported
                __continue71 = true
            until true
            if not __continue71 then
                break
            end
        end
    end
    for ____, ____value in ipairs(input.lost or ({})) do
        local exportName = ____value.exportName
        local cause = ____value.cause
        treeLost(step, input.incarnation, exportName, cause)
    end
    return {
        seen = seenNow(step),
        known = known,
        opening = opening,
        stop = stop,
        minor = minor,
        spread = spread
    }
end
function ____exports.deregister(step, input)
    local ____input_66 = input
    local incarnation = ____input_66.incarnation
    local letGo = ____input_66.letGo
    local left = {}
    for ____, entry in ipairs(step.rows:page("exports", 0, endOfList, exportsMax)) do
        do
            local __continue84
            repeat
                local row = step.rows:get("export", entry.member)
                if row == nil or row.incarnation ~= incarnation then
                    __continue84 = true
                    break
                end
                left[#left + 1] = row.name
                if row.state == "up" then
                    lose(step, row, "fileserver_stopped")
                end
                if letGo then
                    vacate(row)
                    configured(
                        step,
                        keys.exportItem(row.name),
                        "vacated"
                    )
                end
                walk(step, row)
                __continue84 = true
            until true
            if not __continue84 then
                break
            end
        end
    end
    if letGo then
        forgetAdapter(step, incarnation)
    else
        retireAdapter(step, incarnation)
    end
    return {exports = left}
end
function ____exports.walkExport(step, name)
    local row = step.rows:get("export", name)
    if row == nil then
        return
    end
    if row.demand ~= nil and needless(step, row, row.demand) then
        remove(
            step,
            keys.exportItem(name)
        )
        return
    end
    local ____temp_67
    if row.operation == nil then
        ____temp_67 = nil
    else
        ____temp_67 = step.rows:get("operation", row.operation)
    end
    local operation = ____temp_67
    if operation ~= nil and row.operation ~= nil then
        setDue(
            step,
            keys.operation(row.operation),
            operation,
            step.now
        )
        step.rows:put("operation", row.operation, operation)
    end
    if not row["local"] and row.state == "up" and step.now >= row.seen + step.meta.limits.lostMs then
        local unheard = step.meta.unattended == true or row.seen <= (step.meta.backAt or 0)
        lose(step, row, unheard and "fileserver_away" or "fileserver_lost")
    end
    walk(step, row)
end
local function spokenOf(step, input)
    local exp = step.rows:get("export", input.exportName)
    if exp ~= nil and exp.incarnation ~= input.incarnation then
        return {refused = {refused = {reason = "incarnation_superseded"}}}
    end
    local file = loadFile(step, input.fileKey)
    if file == nil or file.row.incarnation ~= input.incarnation then
        return {}
    end
    local row = file.row
    local asked = row.ask ~= nil and row.ask.gen == input.holdGen
    return (asked or row.holdGen == input.holdGen) and ({file = file}) or ({})
end
function ____exports.fileserverBreak(step, input)
    local ____spokenOf_result_75 = spokenOf(step, input)
    local file = ____spokenOf_result_75.file
    local refused = ____spokenOf_result_75.refused
    if refused ~= nil then
        return refused
    end
    if file == nil then
        return {taken = false}
    end
    local ____file_76 = file
    local row = ____file_76.row
    local known = row.fsBreak
    local target = known ~= nil and rank(known.target) < rank(input.target) and known.target or input.target
    if known == nil or known.target ~= target then
        voidPending(step, file, "fileserver_refused")
    end
    row.fsBreak = {target = target, breakNo = input.breakNo}
    if rank(liveType(row)) > rank(target) then
        local enforced = input.remainingMs == nil and 0 or step.now + input.remainingMs
        startBreak(
            step,
            file,
            target,
            "fileserver",
            nil,
            enforced,
            false
        )
    end
    settleFile(step, file)
    return {taken = true}
end
function ____exports.fileserverLost(step, input)
    local ____spokenOf_result_77 = spokenOf(step, input)
    local file = ____spokenOf_result_77.file
    local refused = ____spokenOf_result_77.refused
    if refused ~= nil then
        return refused
    end
    if file == nil then
        return {taken = false}
    end
    local ____file_78 = file
    local row = ____file_78.row
    if row.ask == nil then
        row.mayHave = input.have
    elseif row.ask.gen == input.holdGen then
        row.ask.lost = input.have
    end
    row.have = weaker(row.have, input.have)
    lostHold(step, file, input.cause)
    row.fsBreak = nil
    settleFile(step, file)
    return {taken = true}
end
function ____exports.fileDetached(step, input)
    local ____spokenOf_result_79 = spokenOf(step, input)
    local file = ____spokenOf_result_79.file
    local refused = ____spokenOf_result_79.refused
    if refused ~= nil then
        return refused
    end
    if file == nil or file.row.detached then
        return {taken = file ~= nil}
    end
    file.row.detached = true
    record(step, {kind = "detached", fileKey = file.key, exportName = input.exportName, path = input.path})
    if file.row.delegReads > 0 or file.row.writerDelegation then
        startBreak(
            step,
            file,
            "none",
            "change",
            nil,
            0,
            true
        )
    end
    settleFile(step, file)
    return {taken = true}
end
function ____exports.holdAnswered(step, input)
    local file = loadFile(step, input.fileKey)
    if file == nil then
        return {settled = false}
    end
    local settled = answered(step, file, input)
    settleFile(step, file)
    return {settled = settled}
end
function ____exports.rangesAnswered(step, input)
    local file = loadFile(step, input.fileKey)
    if file == nil then
        return {settled = false}
    end
    local settled = rangesLocked(step, file, input)
    settleFile(step, file)
    if settled and leftOver(step, file, input.locked or ({})) then
        settleFile(step, file)
    end
    return {settled = settled}
end
function ____exports.holdReport(step, input)
    breakSilence(step, input.incarnation)
    local adopted = 0
    for ____, hold in ipairs(input.holds) do
        do
            local __continue156
            repeat
                local exp = step.rows:get("export", hold.exportName)
                if exp == nil or exp.incarnation ~= input.incarnation then
                    __continue156 = true
                    break
                end
                local file = enterFile(step, hold, exp)
                local row = file.row
                if row.ask == nil and rank(hold.type) > rank(row.mayHave) then
                    row.mayHave = stronger(row.mayHave, hold.type)
                    row.holdGen = hold.holdGen
                    adopted = adopted + 1
                end
                if hold.ranges == true then
                    reportedRanges(file)
                end
                settleFile(step, file)
                __continue156 = true
            until true
            if not __continue156 then
                break
            end
        end
    end
    if input.done then
        for ____, entry in ipairs(step.rows:page("exports", 0, endOfList, exportsMax)) do
            do
                local __continue162
                repeat
                    local exp = step.rows:get("export", entry.member)
                    if exp == nil or exp.incarnation ~= input.incarnation then
                        __continue162 = true
                        break
                    end
                    exp.reported = true
                    exp.walkAfter = 0
                    beginOpening(step, exp)
                    walk(step, exp)
                    __continue162 = true
                until true
                if not __continue162 then
                    break
                end
            end
        end
    end
    return {adopted = adopted}
end
return ____exports
 end,
["libs.locks.src.core.deadlines"] = function(...)
local ____exports = {}
local settleEntry, dueFile, dueLockState, dueLock, dueTenure, dueSession, siftLock, endRow, takeSession, waitingNow, modesNow, rowsPerStep
local keys = require("libs.locks.src.core.keys")
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local ____admission = require("libs.locks.src.core.rules.admission")
local gateClient = ____admission.gateClient
local ____client = require("libs.locks.src.core.rules.client")
local clientOf = ____client.clientOf
local saveClient = ____client.saveClient
local ____courtesy = require("libs.locks.src.core.rules.courtesy")
local cede = ____courtesy.cede
local endSession = ____courtesy.endSession
local enterCourtesy = ____courtesy.enterCourtesy
local heldUntil = ____courtesy.heldUntil
local noteNews = ____courtesy.noteNews
local ____file = require("libs.locks.src.core.rules.file")
local loadFile = ____file.loadFile
local ____hold = require("libs.locks.src.core.rules.hold")
local undo = ____hold.undo
local ____lease = require("libs.locks.src.core.rules.kinds.lease")
local stateOf = ____lease.stateOf
local ____kind = require("libs.locks.src.core.rules.kinds.kind")
local dropWaiter = ____kind.dropWaiter
local ____table = require("libs.locks.src.core.rules.kinds.table")
local lockOf = ____table.lockOf
local ____offer = require("libs.locks.src.core.rules.offer")
local dropWant = ____offer.dropWant
local ____settle = require("libs.locks.src.core.rules.settle")
local settleFile = ____settle.settleFile
local ____range_2Dtree = require("libs.locks.src.core.rules.range-tree")
local giveUpRange = ____range_2Dtree.giveUpRange
local ____stateid = require("libs.locks.src.core.rules.stateid")
local forgetLockState = ____stateid.forgetLockState
local keepUnclaimed = ____stateid.keepUnclaimed
local ____surplus = require("libs.locks.src.core.rules.surplus")
local makeRoomInTable = ____surplus.makeRoomInTable
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local inShards = ____step.inShards
local record = ____step.record
local setDue = ____step.setDue
local setFirstDue = ____step.setFirstDue
local ____export = require("libs.locks.src.core.tree.export")
local walkExport = ____export.walkExport
local ____node = require("libs.locks.src.core.tree.node")
local dueNode = ____node.dueNode
local ____operation = require("libs.locks.src.core.tree.operation")
local dueOperation = ____operation.dueOperation
local ____pins = require("libs.locks.src.core.tree.pins")
local dropPin = ____pins.dropPin
local ____stack = require("libs.locks.src.core.tree.stack")
local dueAdapter = ____stack.dueAdapter
local ____subscription = require("libs.locks.src.core.tree.subscription")
local endSubscription = ____subscription.endSubscription
local ____connection = require("libs.locks.src.core.tree.connection")
local endConnection = ____connection.endConnection
local ____ending = require("libs.locks.src.core.verbs.ending")
local ____end = ____ending["end"]
local endRows = ____ending.endRows
local ____session = require("libs.locks.src.core.verbs.session")
local bury = ____session.bury
local forgetSession = ____session.forgetSession
local ____streams = require("libs.locks.src.core.verbs.streams")
local forgetServer = ____streams.forgetServer
function settleEntry(step, member)
    step.budget = step.budget - 1
    step.changed = true
    local lock = lockOf(step, member)
    if lock ~= nil then
        dueLock(step, lock)
        return
    end
    local id = keys.idOf(step.rows, member)
    local kind = keys.rowMember(step.rows, member)
    if kind == "file" then
        dueFile(step, id)
    elseif kind == "session" then
        dueSession(step, id)
    elseif kind == "lockState" then
        dueLockState(step, id)
    elseif kind == "export" then
        walkExport(step, id)
    elseif kind == "node" then
        dueNode(step, id)
    elseif kind == "adapter" then
        dueAdapter(step, id)
    elseif kind == "operation" then
        dueOperation(step, id)
    elseif kind == "server" then
        forgetServer(step, id)
    elseif kind == "tenure" then
        dueTenure(step, id)
    end
end
function dueFile(step, key)
    local file = loadFile(step, key)
    if file == nil then
        return
    end
    if file.row.ending ~= nil then
        endRows(step, file, file.row.ending, rowsPerStep)
    else
        settleFile(step, file)
    end
end
function dueLockState(step, id)
    local state = step.rows:get("lockState", id)
    local ____temp_0
    if state == nil then
        ____temp_0 = nil
    else
        ____temp_0 = loadFile(step, state.fileKey)
    end
    local file = ____temp_0
    if state == nil or file == nil then
        return
    end
    local at = {fileKey = file.key, class = "posix", ownerKey = state.ownerKey}
    local left = {}
    for ____, each in ipairs(state.unclaimed or ({})) do
        do
            local __continue24
            repeat
                if each["until"] > step.now then
                    left[#left + 1] = each
                    __continue24 = true
                    break
                end
                local splitId = step.rows:get("range", each.waitId) == nil and each.waitId or each.splitId
                giveUpRange(
                    step,
                    file,
                    at,
                    each,
                    splitId
                )
                record(step, {
                    kind = "dropped",
                    waitId = each.waitId,
                    sessionId = state.sessionId,
                    owner = state.owner,
                    fileKey = file.key,
                    exportName = file.row.exportName,
                    path = file.row.path,
                    reason = "wait_elapsed"
                })
                __continue24 = true
            until true
            if not __continue24 then
                break
            end
        end
    end
    keepUnclaimed(step, id, state, left)
    settleFile(step, file)
end
function dueLock(step, lock)
    local ____lock_1 = lock
    local kind = ____lock_1.kind
    local id = ____lock_1.id
    local row = ____lock_1.row
    if row.due == 0 or row.due > step.now then
        return
    end
    if row.waitNo == 0 then
        kind.lapse(step, id, row)
        return
    end
    local file = loadFile(step, row.fileKey)
    if file == nil then
        return
    end
    local ____dropWaiter_6 = dropWaiter
    local ____step_4 = step
    local ____lock_5 = lock
    local ____opt_2 = kind.late
    ____dropWaiter_6(
        ____step_4,
        file,
        ____lock_5,
        ____opt_2 and ____opt_2(row) or "wait_elapsed"
    )
    settleFile(step, file)
end
function dueTenure(step, member)
    local lock = lockOf(step, member)
    if lock ~= nil then
        ____end(step, lock, "max_hold")
    end
end
function dueSession(step, id)
    local session = step.rows:get("session", id)
    if session == nil then
        return
    end
    if session.state == "expired" or session.state == "ended" then
        forgetSession(step, id, session)
        return
    end
    if session.state == "live" then
        if session.expires > step.now then
            setDue(
                step,
                keys.session(id),
                session,
                session.expires
            )
            step.rows:put("session", id, session)
            return
        end
        if heldUntil(session) > step.now and (session.rows > 0 or session.shards ~= nil) then
            enterCourtesy(step, id, session)
        else
            endSession(step, id, session, "expiring")
        end
    end
    if session.state == "courtesy" then
        if session.siftAfter ~= nil then
            ____exports.siftSession(step, id, session)
            return
        end
        endSession(step, id, session, "expiring")
    end
    ____exports.emptySession(step, id, session)
end
function ____exports.siftSession(step, id, session)
    local limit = math.max(
        1,
        math.min(rowsPerStep, step.budget)
    )
    local page = step.rows:page(
        keys.sessionRows(id),
        session.siftAfter or 0,
        endOfList,
        limit
    )
    step.budget = step.budget - #page
    local more = #page == limit
    setDue(
        step,
        keys.session(id),
        session,
        more and step.now or (session.guest == true and 0 or heldUntil(session))
    )
    session.siftAfter = nil
    for ____, entry in ipairs(page) do
        if more then
            session.siftAfter = entry.score
        end
        local lock = lockOf(step, entry.member)
        if lock == nil then
            if keys.rowMember(step.rows, entry.member) ~= "lockState" then
                endRow(step, entry.member, session, true)
            end
        else
            local ____opt_7 = lock.kind.staysOut
            if (____opt_7 and ____opt_7(lock.row)) ~= true then
                ____end(step, lock, "session_expired")
            else
                siftLock(step, lock)
            end
        end
    end
    step.rows:put("session", id, session)
end
function siftLock(step, lock)
    local ____lock_9 = lock
    local row = ____lock_9.row
    local file = loadFile(step, row.fileKey)
    if file == nil then
        return
    end
    local lease = step.rows:get("lease", lock.id)
    if row.waitNo ~= 0 then
        dropWaiter(step, file, lock, "session_expired")
    elseif (lease and lease.pendingType) ~= nil then
        undo(
            step,
            file,
            lock.id,
            lease,
            "session_expired"
        )
    elseif file.row.waiting == 0 and file.row.breaking == nil then
        return
    end
    local running = file.row.breaking
    if running ~= nil and lease ~= nil and stateOf(file.row, lease) == "breaking" then
        running.yielded = nil
    end
    settleFile(step, file)
end
function ____exports.emptySession(step, id, session)
    local expired = session.state == "expiring"
    if session.emptying ~= true then
        session.emptying = true
        noteNews(step, id, session)
    end
    local limit = math.max(
        1,
        math.min(rowsPerStep, step.budget)
    )
    local page = step.rows:page(
        keys.sessionRows(id),
        0,
        endOfList,
        limit
    )
    for ____, entry in ipairs(page) do
        endRow(step, entry.member, session, expired)
    end
    step.budget = step.budget - #page
    local isEmpty = #step.rows:page(
        keys.sessionRows(id),
        0,
        endOfList,
        1
    ) == 0
    if isEmpty and session.shards == nil then
        bury(step, id, session)
        return false
    end
    setDue(
        step,
        keys.session(id),
        session,
        isEmpty and 0 or step.now
    )
    step.rows:put("session", id, session)
    return true
end
function endRow(step, member, session, expired)
    local id = keys.idOf(step.rows, member)
    local kind = keys.rowMember(step.rows, member)
    local lock = lockOf(step, member)
    if lock ~= nil then
        ____end(step, lock, expired and "session_expired" or "session_ended")
    elseif kind == "pin" then
        local pin = step.rows:get("pin", id)
        if pin ~= nil then
            dropPin(step, id, pin)
        end
    elseif kind == "subscription" then
        local subscription = step.rows:get("subscription", id)
        if subscription ~= nil then
            endSubscription(step, id, subscription)
        end
    elseif kind == "connection" then
        endConnection(step, id, expired and "session_expired" or "session_ended")
    elseif kind == "lockState" then
        local state = step.rows:get("lockState", id)
        if state ~= nil then
            forgetLockState(step, id, state)
        end
    elseif kind == "want" then
        local file = loadFile(step, id)
        if file == nil or session.clientKey == nil then
            return
        end
        dropWant(step, file, session.clientKey)
        settleFile(step, file)
    end
end
function takeSession(step, id, session)
    if session.state == "expired" or session.state == "ended" then
        return {more = false}
    end
    if session.state == "live" or session.state == "courtesy" then
        endSession(step, id, session, "expiring")
    end
    return {more = ____exports.emptySession(step, id, session)}
end
function waitingNow(counted)
    local ____counted_36 = counted
    local lease = ____counted_36.lease
    if lease == nil then
        lease = 0
    end
    local open = ____counted_36.open
    if open == nil then
        open = 0
    end
    local range = ____counted_36.range
    if range == nil then
        range = 0
    end
    local change = ____counted_36.change
    if change == nil then
        change = 0
    end
    local dlm = ____counted_36.dlm
    if dlm == nil then
        dlm = 0
    end
    local permit = ____counted_36.permit
    if permit == nil then
        permit = 0
    end
    return {
        lease = lease,
        open = open,
        range = range,
        change = change,
        dlm = dlm,
        permit = permit
    }
end
function modesNow(____bindingPattern0)
    local EX
    local PW
    local PR
    local CW
    local CR
    local NL
    NL = ____bindingPattern0.NL
    CR = ____bindingPattern0.CR
    CW = ____bindingPattern0.CW
    PR = ____bindingPattern0.PR
    PW = ____bindingPattern0.PW
    EX = ____bindingPattern0.EX
    return {
        NL = NL,
        CR = CR,
        CW = CW,
        PR = PR,
        PW = PW,
        EX = EX
    }
end
function ____exports.settleDue(step, items, tick)
    if (step.meta.firstDue or 0) > step.now and not tick then
        return
    end
    local page = step.rows:page("due", 0, endOfList, items + 1)
    local done = 0
    for ____, entry in ipairs(page) do
        if done == items or entry.score > step.now or step.budget <= 0 then
            break
        end
        done = done + 1
        settleEntry(step, entry.member)
    end
    local next = unpack(
        done == 0 and page or step.rows:page("due", 0, endOfList, 1),
        1,
        1
    )
    setFirstDue(step, next == nil and endOfList or next.score)
end
rowsPerStep = 64
function ____exports.sessionEnd(step, input)
    local session = step.rows:get("session", input.sessionId)
    if session == nil then
        return refuse("no_such_session")
    end
    if input.digest == nil then
        return takeSession(step, input.sessionId, session)
    end
    local ours = session.digest == input.digest
    if session.state == "ended" and ours then
        return {more = false}
    end
    if session.state ~= "ending" or not ours then
        local refused = gateClient(step, input.sessionId, input.digest)
        if refused ~= nil then
            return refused
        end
        endSession(step, input.sessionId, session, "ending")
    end
    return {more = ____exports.emptySession(step, input.sessionId, session)}
end
function ____exports.clientConfirm(step, input)
    local ____input_12 = input
    local sessionId = ____input_12.sessionId
    local principal = ____input_12.principal
    local refused = gateClient(step, sessionId, input.digest)
    local session = step.rows:get("session", sessionId)
    if refused ~= nil or session == nil then
        return refused or refuse("no_such_session")
    end
    if session.client == nil then
        return {more = false}
    end
    if principal ~= nil and principal ~= session.principal then
        return refuse("client_in_use")
    end
    local row = clientOf(step, session.client)
    if session.unconfirmed == true then
        session.unconfirmed = nil
        step.rows:put("session", sessionId, session)
        row.unconfirmed = nil
        row.ending = row.confirmed
        row.confirmed = sessionId
        saveClient(step, session.client, row)
    end
    local ____temp_13
    if row.ending == nil then
        ____temp_13 = nil
    else
        ____temp_13 = step.rows:get("session", row.ending)
    end
    local earlier = ____temp_13
    if earlier == nil or row.ending == nil then
        return {more = false}
    end
    if earlier.state == "live" or earlier.state == "courtesy" then
        endSession(step, row.ending, earlier, "ending")
    end
    return {more = ____exports.emptySession(step, row.ending, earlier)}
end
function ____exports.tick(step)
    if step.short then
        makeRoomInTable(step)
    end
    if step.short then
        cede(step, nil)
    end
    local next = step.rows:page("due", 0, endOfList, 1)
    local nextMs = 1000
    for ____, entry in ipairs(next) do
        nextMs = math.max(
            0,
            math.min(nextMs, entry.score - step.now)
        )
    end
    local ____step_meta_14 = step.meta
    local epoch = ____step_meta_14.epoch
    local sessions = ____step_meta_14.sessions
    local held = ____step_meta_14.held
    local courteous = ____step_meta_14.courteous
    if courteous == nil then
        courteous = 0
    end
    local life = ____step_meta_14.restoredIn
    if life == nil then
        life = 0
    end
    local ____temp_15
    if inShards(step) and #step.rows:page(keys.news, 0, endOfList, 1) > 0 then
        ____temp_15 = true
    else
        ____temp_15 = nil
    end
    local news = ____temp_15
    local ____temp_16
    if inShards(step) and #step.rows:page("operations", 0, endOfList, 1) > 0 then
        ____temp_16 = true
    else
        ____temp_16 = nil
    end
    local operations = ____temp_16
    if held == nil then
        return {
            nextMs = nextMs,
            life = life,
            epoch = epoch,
            sessions = sessions,
            courteous = courteous,
            news = news,
            operations = operations
        }
    end
    local ____held_17 = held
    local reads = ____held_17.reads
    local writes = ____held_17.writes
    local delegReads = ____held_17.delegReads
    local delegWrites = ____held_17.delegWrites
    local opens = ____held_17.opens
    local ranges = ____held_17.ranges
    local waits = ____held_17.waits
    local waiting = ____held_17.waiting
    local breaks = ____held_17.breaks
    local connections = ____held_17.connections
    local modes = ____held_17.modes
    local permits = ____held_17.permits
    local ____nextMs_29 = nextMs
    local ____life_30 = life
    local ____epoch_31 = epoch
    local ____sessions_32 = sessions
    local ____courteous_33 = courteous
    local ____news_34 = news
    local ____operations_35 = operations
    local ____reads_20 = reads
    local ____writes_21 = writes
    local ____delegReads_22 = delegReads
    local ____delegWrites_23 = delegWrites
    local ____opens_24 = opens
    local ____ranges_25 = ranges
    local ____waits_26 = waits
    local ____temp_18
    if waiting == nil then
        ____temp_18 = nil
    else
        ____temp_18 = waitingNow(waiting)
    end
    local ____breaks_27 = breaks
    local ____connections_28 = connections
    local ____temp_19
    if modes == nil then
        ____temp_19 = nil
    else
        ____temp_19 = modesNow(modes)
    end
    return {
        nextMs = ____nextMs_29,
        life = ____life_30,
        epoch = ____epoch_31,
        sessions = ____sessions_32,
        courteous = ____courteous_33,
        news = ____news_34,
        operations = ____operations_35,
        held = {
            reads = ____reads_20,
            writes = ____writes_21,
            delegReads = ____delegReads_22,
            delegWrites = ____delegWrites_23,
            opens = ____opens_24,
            ranges = ____ranges_25,
            waits = ____waits_26,
            waiting = ____temp_18,
            breaks = ____breaks_27,
            connections = ____connections_28,
            modes = ____temp_19,
            permits = permits
        }
    }
end
return ____exports
 end,
["libs.locks.src.core.tree.follow"] = function(...)
local ____exports = {}
local keys = require("libs.locks.src.core.keys")
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local ____operation = require("libs.locks.src.core.tree.operation")
local remove = ____operation.remove
local ____pins = require("libs.locks.src.core.tree.pins")
local configured = ____pins.configured
local ____stack = require("libs.locks.src.core.tree.stack")
local freshExport = ____stack.freshExport
local exportsMax = 1000
local function inUse(step, name)
    return #step.rows:page(
        keys.exportFiles(name),
        0,
        endOfList,
        1
    ) > 0
end
local function copyOf(step, row)
    local ____row_0 = row
    local name = ____row_0.name
    local no = ____row_0.no
    local version = ____row_0.version
    local stack = ____row_0.stack
    local policy = ____row_0.policy
    local own = ____row_0.own
    local breakMs = ____row_0.breakMs
    local lockDelayMs = ____row_0.lockDelayMs
    local directories = ____row_0.directories
    local stopped = ____row_0.stopped
    local copy = {
        name = name,
        no = no,
        version = version,
        stack = stack,
        policy = policy,
        own = own,
        breakMs = breakMs,
        lockDelayMs = lockDelayMs,
        directories = directories,
        stopped = stopped,
        busy = row.operation ~= nil,
        inUse = inUse(step, name)
    }
    return copy
end
function ____exports.exportCopy(step, input)
    local exports = {}
    local function add(name)
        local row = step.rows:get("export", name)
        if row ~= nil and row.spread == true then
            exports[#exports + 1] = copyOf(step, row)
        end
    end
    if input.name ~= nil then
        add(input.name)
    else
        for ____, ____value in ipairs(step.rows:page("exports", 0, endOfList, exportsMax)) do
            local member = ____value.member
            add(member)
        end
    end
    return {exports = exports}
end
function ____exports.exportFollow(step, input)
    local ____input_1 = input
    local name = ____input_1.name
    local copy = ____input_1.copy
    local row = step.rows:get("export", name)
    if row ~= nil and row.no ~= (copy and copy.no) then
        if row.operation ~= nil or inUse(step, name) then
            return refuse("has_dependents")
        end
        remove(
            step,
            keys.exportItem(name)
        )
        row = nil
        if copy == nil then
            return {changed = true}
        end
    end
    if copy == nil or row == nil and copy.busy then
        return {changed = false}
    end
    if row ~= nil and row.version == copy.version and row.stopped == copy.stopped then
        return {changed = false}
    end
    local now = row or freshExport(
        step,
        name,
        copy.stack,
        nil,
        copy.no
    )
    now.version = copy.version
    now.policy = copy.policy
    now.own = copy.own
    now.breakMs = copy.breakMs
    now.lockDelayMs = copy.lockDelayMs
    now.directories = copy.directories
    if now.operation == nil then
        now.stopped = copy.stopped
    end
    step.rows:put("export", name, now)
    configured(
        step,
        keys.exportItem(name),
        "changed"
    )
    return {changed = true}
end
return ____exports
 end,
["libs.locks.src.core.tree.tree"] = function(...)
local ____exports = {}
local stackView, regionView, freshNode, nodeView, listed
local keys = require("libs.locks.src.core.keys")
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local ____range_2Dbacking = require("libs.locks.src.core.rules.range-backing")
local mayBackRanges = ____range_2Dbacking.mayBackRanges
local ____step = require("libs.locks.src.core.step")
local earlier = ____step.earlier
local endOfList = ____step.endOfList
local nextSeq = ____step.nextSeq
local setDue = ____step.setDue
local wallOf = ____step.wallOf
local ____export = require("libs.locks.src.core.tree.export")
local exportView = ____export.exportView
local ____opening = require("libs.locks.src.core.tree.opening")
local probeMs = ____opening.probeMs
local ____operation = require("libs.locks.src.core.tree.operation")
local beginOperation = ____operation.beginOperation
local remove = ____operation.remove
local ____pins = require("libs.locks.src.core.tree.pins")
local configured = ____pins.configured
local dependNoMore = ____pins.dependNoMore
local dependOn = ____pins.dependOn
local inUse = ____pins.inUse
local itemRow = ____pins.itemRow
local keyOf = ____pins.keyOf
local missing = ____pins.missing
local ____stack = require("libs.locks.src.core.tree.stack")
local bindToRegion = ____stack.bindToRegion
local enterStack = ____stack.enterStack
local freshExport = ____stack.freshExport
local tooLongFor = ____stack.tooLongFor
function stackView(step, name, row)
    local exports = {}
    local adapters = {}
    for ____, each in ipairs(step.rows:page(
        keys.dependents(keys.stackItem(name)),
        0,
        endOfList,
        listed
    )) do
        local ____temp_5
        if keys.itemMember(step.rows, each.member) == "export" then
            ____temp_5 = step.rows:get(
                "export",
                keys.idOf(step.rows, each.member)
            )
        else
            ____temp_5 = nil
        end
        local exp = ____temp_5
        if exp ~= nil then
            exports[#exports + 1] = exp
        end
    end
    for ____, each in ipairs(step.rows:page(
        keys.stackAdapters(name),
        0,
        endOfList,
        listed
    )) do
        do
            local __continue18
            repeat
                local adapter = step.rows:get("adapter", each.member)
                if adapter == nil then
                    __continue18 = true
                    break
                end
                local active = {}
                for ____, exp in ipairs(exports) do
                    if exp.incarnation == each.member then
                        active[#active + 1] = exp.name
                    end
                end
                local version = adapter.version
                local major = adapter.major
                local minor = adapter.minor
                local endpoint = adapter.endpoint
                local state = adapter.state
                adapters[#adapters + 1] = {
                    incarnation = each.member,
                    version = version,
                    major = major,
                    minor = minor,
                    endpoint = endpoint,
                    state = state,
                    exports = active
                }
                __continue18 = true
            until true
            if not __continue18 then
                break
            end
        end
    end
    return {
        name = name,
        version = row.version,
        description = row.description,
        prefix = row.prefix,
        policy = row.policy,
        adapters = adapters,
        exports = #exports,
        removing = row.operation ~= nil
    }
end
function regionView(step, name, row)
    local nodes = 0
    for ____, each in ipairs(step.rows:page(
        keys.dependents(keys.regionItem(name)),
        0,
        endOfList,
        listed
    )) do
        if keys.itemMember(step.rows, each.member) == "node" then
            nodes = nodes + 1
        end
    end
    return {
        name = name,
        version = row.version,
        beatMs = row.beatMs,
        deadMs = row.deadMs,
        ackMs = row.ackMs,
        nodes = nodes,
        subscribers = #step.rows:page(
            keys.subscribers(name),
            0,
            endOfList,
            listed
        ),
        removing = row.operation ~= nil
    }
end
function freshNode(step, name, region)
    local node = {
        no = nextSeq(step),
        version = 0,
        region = region,
        state = "down",
        incarnation = "",
        seen = 0,
        sessions = 0,
        lost = 0,
        walkAfter = 0,
        due = 0
    }
    step.rows:link("nodes", name, node.no)
    return node
end
function nodeView(step, name, row)
    local ____row_26 = row
    local notice = ____row_26.notice
    local ____name_29 = name
    local ____row_version_30 = row.version
    local ____row_region_31 = row.region
    local ____row_description_32 = row.description
    local ____row_state_33 = row.state
    local ____row_incarnation_34 = row.incarnation
    local ____temp_27
    if row.seen == 0 then
        ____temp_27 = nil
    else
        ____temp_27 = wallOf(step, row.seen)
    end
    local ____row_sessions_35 = row.sessions
    local ____temp_36 = row.operation ~= nil
    local ____temp_28
    if notice == nil then
        ____temp_28 = nil
    else
        ____temp_28 = {noticeId = notice.noticeId, event = notice.event, priority = notice.priority, waitsFor = notice.waits or ({})}
    end
    return {
        name = ____name_29,
        version = ____row_version_30,
        region = ____row_region_31,
        description = ____row_description_32,
        state = ____row_state_33,
        incarnation = ____row_incarnation_34,
        seenWall = ____temp_27,
        sessions = ____row_sessions_35,
        removing = ____temp_36,
        notice = ____temp_28
    }
end
local stacksMax = 64
local regionsMax = 64
local exportsMax = 1000
local nodesMax = 1000
listed = 4096
local function versionRefusal(item, expect)
    local version = item == nil and 0 or item.version
    if expect ~= nil and expect ~= version then
        return {refused = {reason = "version_old", version = version}}
    end
    local ____temp_2
    if (item and item.operation) == nil then
        ____temp_2 = nil
    else
        ____temp_2 = refuse("operation_running")
    end
    return ____temp_2
end
local function roomIn(step, list, max)
    local ____temp_3
    if #step.rows:page(list, 0, endOfList, max) < max then
        ____temp_3 = nil
    else
        ____temp_3 = refuse("items_max")
    end
    return ____temp_3
end
function ____exports.stackPut(step, input)
    local known = step.rows:get("stack", input.name)
    local refused = versionRefusal(known, input.expect)
    if refused ~= nil then
        return refused
    end
    local ____temp_4
    if known == nil then
        ____temp_4 = roomIn(step, "stacks", stacksMax)
    else
        ____temp_4 = nil
    end
    local full = ____temp_4
    if full ~= nil then
        return full
    end
    local row = enterStack(step, input.name)
    row.version = nextSeq(step)
    row.description = input.description
    row.prefix = input.prefix
    row.policy = input.policy
    step.rows:put("stack", input.name, row)
    if known ~= nil then
        configured(
            step,
            keys.stackItem(input.name),
            "changed"
        )
    end
    return {
        created = known == nil,
        item = stackView(step, input.name, row)
    }
end
function ____exports.stackList(step, input)
    local stacks = {}
    for ____, entry in ipairs(step.rows:page("stacks", 0, endOfList, stacksMax + 1)) do
        do
            local __continue10
            repeat
                if input.name ~= nil and entry.member ~= input.name then
                    __continue10 = true
                    break
                end
                local row = step.rows:get("stack", entry.member)
                if row ~= nil then
                    stacks[#stacks + 1] = stackView(step, entry.member, row)
                end
                __continue10 = true
            until true
            if not __continue10 then
                break
            end
        end
    end
    return {stacks = stacks}
end
function ____exports.exportPut(step, input)
    local ____input_6 = input
    local name = ____input_6.name
    local known = step.rows:get("export", name)
    local refused = versionRefusal(known, input.expect)
    if refused ~= nil then
        return refused
    end
    local stack = step.rows:get("stack", input.stack)
    if stack == nil then
        return missing(
            step,
            keys.stackItem(input.stack)
        )
    end
    local ____temp_7
    if input.region == nil then
        ____temp_7 = nil
    else
        ____temp_7 = step.rows:get("region", input.region)
    end
    local region = ____temp_7
    if input.region ~= nil and region == nil then
        return missing(
            step,
            keys.regionItem(input.region)
        )
    end
    if stack.operation ~= nil or (region and region.operation) ~= nil then
        return refuse("item_removing")
    end
    local ____temp_10
    if known == nil then
        ____temp_10 = roomIn(step, "exports", exportsMax)
    else
        ____temp_10 = nil
    end
    local full = ____temp_10
    if full ~= nil then
        return full
    end
    local moves = known ~= nil and known.stack ~= input.stack
    local connected = known ~= nil and (known.connections or 0) > 0
    local used = moves and (connected or #step.rows:page(
        keys.exportFiles(name),
        0,
        endOfList,
        1
    ) > 0) or connected and known.region ~= input.region
    local ____used_11
    if used then
        ____used_11 = inUse(
            step,
            keys.exportItem(name),
            "stack_busy"
        )
    else
        ____used_11 = nil
    end
    local busy = ____used_11
    if busy ~= nil then
        return busy
    end
    local ranges = input.own.ranges or "table"
    if ranges == "kernel" and not mayBackRanges(step, known, input.stack) then
        return refuse("ranges_unsupported")
    end
    local ____temp_14 = known ~= nil
    if ____temp_14 then
        local ____opt_12 = known.own
        ____temp_14 = (____opt_12 and ____opt_12.ranges or "table") ~= ranges
    end
    local changes = ____temp_14
    local ____temp_15
    if changes and #step.rows:page(
        keys.exportFiles(name),
        0,
        endOfList,
        1
    ) > 0 then
        ____temp_15 = inUse(
            step,
            keys.exportItem(name),
            "ranges_in_use"
        )
    else
        ____temp_15 = nil
    end
    local relied = ____temp_15
    if relied ~= nil then
        return relied
    end
    local oneShard = input.region ~= nil or input.policy == "local" and input.stack ~= "local"
    if (known and known.spread) == true and oneShard then
        return refuse("one_shard_only")
    end
    local served = known ~= nil and not moves and known.state ~= "none" and known.breakLimitMs or 0
    local tooLong = tooLongFor(served, input.own.breakMs or input.breakMs)
    if tooLong ~= nil then
        return tooLong
    end
    local row = (known == nil or moves) and freshExport(step, name, input.stack, known) or known
    if known == nil and oneShard then
        row.spread = nil
    end
    bindToRegion(step, row, input.region)
    row.version = nextSeq(step)
    row.policy = input.policy
    row.demand = nil
    row.own = input.own
    row.breakMs = input.own.breakMs or input.breakMs
    row.lockDelayMs = input.own.lockDelayMs or input.lockDelayMs
    local ____input_own_directories_18 = input.own.directories
    if ____input_own_directories_18 == nil then
        ____input_own_directories_18 = input.directories == true
    end
    row.directories = ____input_own_directories_18
    step.rows:put("export", name, row)
    configured(
        step,
        keys.exportItem(name),
        known == nil and "created" or "changed"
    )
    return {
        created = known == nil,
        item = exportView(step, row)
    }
end
function ____exports.exportTouch(step, input)
    local known = step.rows:get("export", input.name)
    local stack = step.rows:get("stack", input.stack)
    if known ~= nil and known.demand == nil then
        return {touched = true}
    end
    if known == nil then
        if (stack and stack.prefix) == nil or stack.operation ~= nil then
            return refuse("no_such_export")
        end
        local full = roomIn(step, "exports", exportsMax)
        if full ~= nil then
            return full
        end
    end
    local row = known or freshExport(step, input.name, input.stack, nil)
    if known == nil then
        row.policy = stack and stack.policy or "wait"
        row.spread = nil
        row.breakMs = input.breakMs
        row.lockDelayMs = input.lockDelayMs
        configured(
            step,
            keys.exportItem(input.name),
            "created"
        )
    end
    local probes = row.demand == nil and 0 or row.demand.probes
    row.demand = {probes = probes + 1, ["until"] = step.now + probeMs}
    setDue(
        step,
        keys.exportItem(input.name),
        row,
        earlier(row.due, row.demand["until"])
    )
    step.rows:put("export", input.name, row)
    return {touched = true}
end
function ____exports.regionPut(step, input)
    local known = step.rows:get("region", input.name)
    local refused = versionRefusal(known, input.expect)
    if refused ~= nil then
        return refused
    end
    local ____temp_23
    if known == nil then
        ____temp_23 = roomIn(step, "regions", regionsMax)
    else
        ____temp_23 = nil
    end
    local full = ____temp_23
    if full ~= nil then
        return full
    end
    local no = known == nil and nextSeq(step) or known.no
    if known == nil then
        step.rows:link("regions", input.name, no)
    end
    local ____input_24 = input
    local beatMs = ____input_24.beatMs
    local deadMs = ____input_24.deadMs
    local ackMs = ____input_24.ackMs
    local row = {
        no = no,
        version = nextSeq(step),
        beatMs = beatMs,
        deadMs = deadMs,
        ackMs = ackMs
    }
    step.rows:put("region", input.name, row)
    configured(
        step,
        keys.regionItem(input.name),
        known == nil and "created" or "changed"
    )
    return {
        created = known == nil,
        item = regionView(step, input.name, row)
    }
end
function ____exports.regionList(step, input)
    local regions = {}
    for ____, entry in ipairs(step.rows:page("regions", 0, endOfList, regionsMax)) do
        do
            local __continue47
            repeat
                if input.name ~= nil and entry.member ~= input.name then
                    __continue47 = true
                    break
                end
                local row = step.rows:get("region", entry.member)
                if row ~= nil then
                    regions[#regions + 1] = regionView(step, entry.member, row)
                end
                __continue47 = true
            until true
            if not __continue47 then
                break
            end
        end
    end
    return {regions = regions}
end
function ____exports.nodePut(step, input)
    local known = step.rows:get("node", input.name)
    local refused = versionRefusal(known, input.expect)
    if refused ~= nil then
        return refused
    end
    local region = step.rows:get("region", input.region)
    if region == nil then
        return missing(
            step,
            keys.regionItem(input.region)
        )
    end
    if region.operation ~= nil then
        return refuse("item_removing")
    end
    local ____temp_25
    if known == nil then
        ____temp_25 = roomIn(step, "nodes", nodesMax)
    else
        ____temp_25 = nil
    end
    local full = ____temp_25
    if full ~= nil then
        return full
    end
    local moves = known ~= nil and known.region ~= input.region
    if moves and known.state ~= "down" then
        return refuse("node_up")
    end
    local node = known or freshNode(step, input.name, input.region)
    if moves then
        dependNoMore(
            step,
            keys.regionItem(known.region),
            keys.nodeItem(input.name),
            node.no
        )
    end
    if moves or known == nil then
        dependOn(
            step,
            keys.regionItem(input.region),
            keys.nodeItem(input.name),
            node.no
        )
    end
    node.region = input.region
    node.description = input.description
    node.version = nextSeq(step)
    step.rows:put("node", input.name, node)
    configured(
        step,
        keys.nodeItem(input.name),
        known == nil and "created" or "changed"
    )
    return {
        created = known == nil,
        item = nodeView(step, input.name, node)
    }
end
function ____exports.nodeList(step, input)
    local nodes = {}
    for ____, entry in ipairs(step.rows:page("nodes", 0, endOfList, nodesMax)) do
        do
            local __continue65
            repeat
                if input.name ~= nil and entry.member ~= input.name then
                    __continue65 = true
                    break
                end
                local row = step.rows:get("node", entry.member)
                if row ~= nil then
                    nodes[#nodes + 1] = nodeView(step, entry.member, row)
                end
                __continue65 = true
            until true
            if not __continue65 then
                break
            end
        end
    end
    return {nodes = nodes}
end
function ____exports.itemRemove(step, input)
    local key = keyOf(input.kind, input.name)
    local item = itemRow(step, key)
    if item == nil then
        return missing(step, key)
    end
    if key == "s:local" then
        return refuse("built_in")
    end
    local refused = versionRefusal(item, input.expect)
    if refused ~= nil then
        return refused
    end
    if input.force then
        return {operation = beginOperation(
            step,
            input.operationId,
            "remove",
            key,
            input.deadlineMs
        )}
    end
    local busy = inUse(step, key, "has_dependents")
    if busy ~= nil then
        return busy
    end
    remove(step, key)
    return {}
end
return ____exports
 end,
["libs.locks.src.core.verbs.admin"] = function(...)
local ____exports = {}
local keys = require("libs.locks.src.core.keys")
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local ____break = require("libs.locks.src.core.rules.break")
local breakView = ____break.breakView
local startBreak = ____break.startBreak
local ____conflict = require("libs.locks.src.core.rules.conflict")
local rank = ____conflict.rank
local ____file = require("libs.locks.src.core.rules.file")
local forgetLease = ____file.forgetLease
local leaveSession = ____file.leaveSession
local loadFile = ____file.loadFile
local ____hold = require("libs.locks.src.core.rules.hold")
local releaseUnfenced = ____hold.releaseUnfenced
local ____lease = require("libs.locks.src.core.rules.kinds.lease")
local loseLease = ____lease.loseLease
local stateOf = ____lease.stateOf
local ____table = require("libs.locks.src.core.rules.kinds.table")
local lockById = ____table.lockById
local ____settle = require("libs.locks.src.core.rules.settle")
local settleFile = ____settle.settleFile
local ____ending = require("libs.locks.src.core.verbs.ending")
local ____end = ____ending["end"]
function ____exports.lockRelease(step, input)
    local lock = lockById(step, input.id)
    if lock == nil then
        return refuse("no_such_lock")
    end
    local lease = step.rows:get("lease", input.id)
    if lease == nil then
        ____end(step, lock, "admin")
        return {released = true}
    end
    local file = loadFile(step, lease.fileKey)
    if file == nil then
        if lease.state ~= "allocated" then
            return refuse("no_such_lock")
        end
        leaveSession(
            step,
            lease.sessionId,
            keys.lease(input.id),
            lease.no
        )
        forgetLease(step, input.id, lease)
        return {released = true}
    end
    settleFile(step, file)
    local state = stateOf(file.row, lease)
    if state == "released" or state == "revoked" then
        return refuse("no_such_lock")
    end
    loseLease(
        step,
        file,
        input.id,
        lease,
        "admin"
    )
    if input.unfenced then
        releaseUnfenced(step, file)
    end
    settleFile(step, file)
    return {released = true}
end
function ____exports.lockBreak(step, input)
    local lease = step.rows:get("lease", input.id)
    local ____temp_0
    if lease == nil then
        ____temp_0 = nil
    else
        ____temp_0 = loadFile(step, lease.fileKey)
    end
    local file = ____temp_0
    if lease == nil or file == nil then
        return refuse("no_such_lock")
    end
    settleFile(step, file)
    local state = stateOf(file.row, lease)
    if state ~= "active" and state ~= "breaking" then
        return refuse("no_such_lock")
    end
    if rank(lease.type) > rank(input.target) then
        startBreak(
            step,
            file,
            input.target,
            "admin",
            nil,
            0,
            false
        )
    end
    settleFile(step, file)
    local running = file.row.breaking
    local ____temp_1
    if running == nil then
        ____temp_1 = nil
    else
        ____temp_1 = breakView(step, running, lease.ownerKey)
    end
    return {["break"] = ____temp_1}
end
return ____exports
 end,
["libs.locks.src.core.rules.refusal"] = function(...)
local ____exports = {}
local keys = require("libs.locks.src.core.keys")
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local ____break = require("libs.locks.src.core.rules.break")
local breakView = ____break.breakView
local ____deadlock = require("libs.locks.src.core.rules.deadlock")
local cycleOf = ____deadlock.cycleOf
local ____file = require("libs.locks.src.core.rules.file")
local ownHold = ____file.ownHold
local shareOf = ____file.shareOf
local ____kind = require("libs.locks.src.core.rules.kinds.kind")
local ageOf = ____kind.ageOf
local ____lease = require("libs.locks.src.core.rules.kinds.lease")
local leaseBlocker = ____lease.leaseBlocker
local ____open = require("libs.locks.src.core.rules.kinds.open")
local openBlocker = ____open.openBlocker
local ____table = require("libs.locks.src.core.rules.kinds.table")
local lockById = ____table.lockById
local lockOf = ____table.lockOf
local ____queue = require("libs.locks.src.core.rules.queue")
local aheadOf = ____queue.aheadOf
local hasRoom = ____queue.hasRoom
local shareOver = ____queue.shareOver
local ____tenant = require("libs.locks.src.core.rules.tenant")
local veil = ____tenant.veil
local veilCycle = ____tenant.veilCycle
local ____way = require("libs.locks.src.core.rules.way")
local mindsLease = ____way.mindsLease
local opensRefusing = ____way.opensRefusing
local blockersMax = 4
local function opensInTheWay(step, file, waiter, max)
    local found = {}
    for ____, ____value in ipairs(opensRefusing(step, file, waiter, max)) do
        local id = ____value.id
        local row = ____value.row
        found[#found + 1] = openBlocker(id, row)
    end
    return found
end
local function leasesInTheWay(step, file, waiter, list, max)
    local found = {}
    for ____, entry in ipairs(step.rows:page(list, 0, endOfList, 4 * blockersMax)) do
        do
            local __continue6
            repeat
                if #found >= max then
                    break
                end
                local lease = step.rows:get("lease", entry.member)
                if lease == nil or lease.ownerKey == waiter.row.ownerKey then
                    __continue6 = true
                    break
                end
                if lease.ownerKey == waiter.row.clientKey then
                    __continue6 = true
                    break
                end
                if waiter.kind.breaks and not mindsLease(waiter, lease) then
                    __continue6 = true
                    break
                end
                found[#found + 1] = leaseBlocker(entry.member, lease, file.row)
                __continue6 = true
            until true
            if not __continue6 then
                break
            end
        end
    end
    return found
end
local function breakersQueued(step, file, max)
    local found = {}
    for ____, entry in ipairs(step.rows:page(
        keys.queue(file.key),
        0,
        endOfList,
        file.row.waiting
    )) do
        local ____temp_0
        if #found < max then
            ____temp_0 = lockOf(step, entry.member)
        else
            ____temp_0 = nil
        end
        local waiter = ____temp_0
        if (waiter and waiter.kind.breaks) == true then
            found[#found + 1] = waiter.kind.blocker(waiter.id, waiter.row, file)
        end
    end
    return found
end
local function blockerCount(step, file, waiter, reason)
    local ____file_3 = file
    local row = ____file_3.row
    if reason == "breaker_queued" then
        return row.breakers
    end
    if waiter.kind.own ~= nil or reason == "queued" or reason == "share_denied" then
        return 0
    end
    local share = shareOf(step, file.key, waiter.row.ownerKey)
    if reason == "open_conflict" then
        local asked = unpack(
            waiter.kind.asks(waiter.row),
            1,
            1
        )
        if asked == "leaseRead" then
            return row.writeOpens
        end
        return row.opens - share.opens
    end
    local own = ownHold(step, file, waiter.row)
    local live = row.reads + (row.writer == nil and 0 or 1)
    return live - (own ~= nil and own.state == "active" and 1 or 0)
end
local function blockersFor(step, file, waiter, reason)
    if reason == "lock_delay" or reason == "no_backend" then
        return {}
    end
    if reason == "open_conflict" or reason == "share_denied" then
        return opensInTheWay(step, file, waiter, blockersMax)
    end
    if reason == "breaker_queued" then
        return breakersQueued(step, file, blockersMax)
    end
    local ____waiter_4 = waiter
    local kind = ____waiter_4.kind
    if reason == "queued" then
        local ahead = aheadOf(step, file, waiter)
        return ahead == nil and ({}) or ({ahead.kind.blocker(ahead.id, ahead.row, file)})
    end
    if kind.own ~= nil then
        local found = {}
        for ____, ____value in ipairs(kind.own.inTheWay(step, file, waiter.row, blockersMax)) do
            local id = ____value.id
            local row = ____value.row
            found[#found + 1] = kind.blocker(id, row, file)
        end
        return found
    end
    local found = leasesInTheWay(
        step,
        file,
        waiter,
        keys.grants(file.key),
        blockersMax
    )
    if reason == "lease_conflict" and #found == 0 then
        return leasesInTheWay(
            step,
            file,
            waiter,
            keys.intents(file.key),
            blockersMax
        )
    end
    return found
end
local placeMsMax = 60000
local function placeAfterMs(step, file)
    for ____, entry in ipairs(step.rows:page(
        keys.queue(file.key),
        0,
        endOfList,
        1
    )) do
        local first = lockOf(step, entry.member)
        if first ~= nil then
            return math.min(
                placeMsMax,
                math.max(1, first.row.due - step.now)
            )
        end
    end
    return 1
end
function ____exports.shown(step, viewer, blocker)
    local lock = lockById(step, blocker.id)
    if lock ~= nil then
        blocker.ageMs = ageOf(step, lock)
    end
    return veil(step, viewer, blocker)
end
function ____exports.explain(step, file, waiter, reason)
    local ____file_5 = file
    local row = ____file_5.row
    local refusal = {reason = reason}
    local found = blockersFor(step, file, waiter, reason)
    if #found > 0 then
        for ____, each in ipairs(found) do
            ____exports.shown(step, waiter.row.sessionId, each)
        end
        refusal.blockers = found
        refusal.blockerCount = math.max(
            #found,
            blockerCount(step, file, waiter, reason)
        )
    end
    if reason == "queue_full" then
        refusal.retryAfterMs = placeAfterMs(step, file)
    end
    if waiter.kind.own ~= nil then
        return {refused = refusal}
    end
    if row.breaking ~= nil then
        refusal["break"] = breakView(step, row.breaking, waiter.row.ownerKey)
        local ____refusal_break_6 = refusal["break"]
        local remainingMs = ____refusal_break_6.remainingMs
        if refusal.retryAfterMs == nil or remainingMs ~= nil and remainingMs < refusal.retryAfterMs then
            refusal.retryAfterMs = remainingMs
        end
    elseif reason ~= "queue_full" and row.lockDelayUntil > step.now then
        refusal.retryAfterMs = row.lockDelayUntil - step.now
    end
    return {refused = refusal}
end
function ____exports.reasonFor(step, file, waiter)
    local ____waiter_7 = waiter
    local kind = ____waiter_7.kind
    local ____not = kind.whyNot(step, file, waiter)
    if ____not ~= nil then
        return ____not
    end
    if not kind.breaks or aheadOf(step, file, waiter) ~= nil then
        return "queued"
    end
    return file.row.breaking ~= nil and "break_started" or "fencing"
end
function ____exports.deadlocked(step, ____bindingPattern0, cycle)
    local row
    row = ____bindingPattern0.row
    return {refused = {
        reason = "deadlock",
        cycle = veilCycle(step, row.sessionId, cycle)
    }}
end
function ____exports.mayNotWait(step, file, waiter, reason, waitMs)
    if waitMs == 0 then
        return ____exports.explain(step, file, waiter, reason)
    end
    if not hasRoom(step, file) then
        return ____exports.explain(step, file, waiter, "queue_full")
    end
    local over = shareOver(step, file, waiter)
    if over ~= nil then
        return over
    end
    local cycle = cycleOf(step, file, waiter)
    local ____temp_8
    if cycle == nil then
        ____temp_8 = nil
    else
        ____temp_8 = ____exports.deadlocked(step, waiter, cycle)
    end
    return ____temp_8
end
return ____exports
 end,
["libs.locks.src.core.verbs.attributes"] = function(...)
local ____exports = {}
local forgetAsk
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local ____admission = require("libs.locks.src.core.rules.admission")
local claim = ____admission.claim
local gate = ____admission.gate
local ____break = require("libs.locks.src.core.rules.break")
local breakView = ____break.breakView
local isBreaking = ____break.isBreaking
local startBreak = ____break.startBreak
local ____file = require("libs.locks.src.core.rules.file")
local loadFile = ____file.loadFile
local ____range_2Dtree = require("libs.locks.src.core.rules.range-tree")
local compare = ____range_2Dtree.compare
local ____lease = require("libs.locks.src.core.rules.kinds.lease")
local leaseBlocker = ____lease.leaseBlocker
local ____settle = require("libs.locks.src.core.rules.settle")
local settleFile = ____settle.settleFile
local ____refusal = require("libs.locks.src.core.rules.refusal")
local shown = ____refusal.shown
local ____step = require("libs.locks.src.core.step")
local agoMs = ____step.agoMs
local record = ____step.record
local wallOf = ____step.wallOf
function forgetAsk(lease, askId)
    local left = {}
    for ____, each in ipairs(lease.asked or ({})) do
        if each.askId ~= askId then
            left[#left + 1] = each
        end
    end
    local ____lease_20 = lease
    local ____temp_19
    if #left == 0 then
        ____temp_19 = nil
    else
        ____temp_19 = left
    end
    ____lease_20.asked = ____temp_19
end
local asksMax = 16
local word = 4294967296
local function writerOf(step, file)
    local ____temp_0
    if file == nil then
        ____temp_0 = nil
    else
        ____temp_0 = file.row.writer
    end
    local id = ____temp_0
    local ____temp_1
    if id == nil then
        ____temp_1 = nil
    else
        ____temp_1 = step.rows:get("lease", id)
    end
    local lease = ____temp_1
    local ____temp_2
    if id == nil or lease == nil then
        ____temp_2 = nil
    else
        ____temp_2 = {id = id, lease = lease}
    end
    return ____temp_2
end
local function recalled(step, file, id, lease, viewer)
    local running = file.row.breaking
    local ____temp_3
    if running == nil then
        ____temp_3 = nil
    else
        ____temp_3 = breakView(step, running, lease.ownerKey)
    end
    local view = ____temp_3
    local ____temp_5 = {shown(
        step,
        viewer,
        leaseBlocker(id, lease, file.row)
    )}
    local ____temp_4
    if view == nil then
        ____temp_4 = nil
    else
        ____temp_4 = view.remainingMs
    end
    return {refused = {
        reason = "break_started",
        blockers = ____temp_5,
        blockerCount = 1,
        ["break"] = view,
        retryAfterMs = ____temp_4
    }}
end
function ____exports.attributesAsk(step, input)
    local refused = gate(step, input.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    if step.rows:get("export", input.file.exportName) == nil then
        return refuse("no_such_export")
    end
    local file = loadFile(step, input.file.fileKey)
    if file ~= nil then
        settleFile(step, file)
    end
    local writer = writerOf(step, file)
    if file == nil or writer == nil then
        return claim(step, input.sessionId, nil, input.file.exportName) or ({holder = "none"})
    end
    local id = writer.id
    local lease = writer.lease
    if lease.sessionId == input.sessionId then
        return {holder = "own", leaseId = id}
    end
    if isBreaking(file.row, lease) then
        return recalled(
            step,
            file,
            id,
            lease,
            input.sessionId
        )
    end
    local asked = {}
    for ____, ask in ipairs(lease.asked or ({})) do
        if ask["until"] > step.now then
            asked[#asked + 1] = ask
        end
    end
    if #asked >= asksMax then
        return refuse("asks_max")
    end
    local ____until = step.now + input.waitMs
    asked[#asked + 1] = {
        askId = input.askId,
        sessionId = input.sessionId,
        ["until"] = ____until,
        changeHi = input.changeHi,
        changeLo = input.changeLo,
        sizeHi = input.sizeHi,
        sizeLo = input.sizeLo
    }
    lease.asked = asked
    step.rows:put("lease", id, lease)
    local ____record_15 = record
    local ____step_14 = step
    local ____lease_sessionId_7 = lease.sessionId
    local ____id_8 = id
    local ____lease_owner_9 = lease.owner
    local ____file_key_10 = file.key
    local ____lease_exportName_11 = lease.exportName
    local ____lease_path_12 = lease.path
    local ____input_askId_13 = input.askId
    local ____temp_6
    if input.times == true and (not lease.delegation or lease.times == true) then
        ____temp_6 = true
    else
        ____temp_6 = nil
    end
    ____record_15(
        ____step_14,
        {
            kind = "attributes",
            sessionId = ____lease_sessionId_7,
            leaseId = ____id_8,
            owner = ____lease_owner_9,
            fileKey = ____file_key_10,
            exportName = ____lease_exportName_11,
            path = ____lease_path_12,
            askId = ____input_askId_13,
            times = ____temp_6,
            deadlineWall = wallOf(step, ____until)
        }
    )
    return {holder = "other", leaseId = id}
end
local function vetted(step, lease, at, ms)
    if at == nil or not lease.delegation then
        return {at = at}
    end
    if lease.times ~= true or ms == nil then
        return {}
    end
    if ms > step.wall then
        return {now = true}
    end
    return ms < math.floor(step.wall) - agoMs(step, lease.grantNo) and ({}) or ({at = at})
end
local function report(step, lease, ask, told)
    local ____told_16 = told
    local sizeHi = ____told_16.sizeHi
    if sizeHi == nil then
        sizeHi = ask.sizeHi
    end
    local sizeLo = ____told_16.sizeLo
    if sizeLo == nil then
        sizeLo = ask.sizeLo
    end
    local accessed = vetted(step, lease, told.accessedAt, told.accessedMs)
    local modifiedTime = vetted(step, lease, told.modifiedAt, told.modifiedMs)
    local ____lease_17 = lease
    local toldHi = ____lease_17.toldHi
    if toldHi == nil then
        toldHi = ask.changeHi
    end
    local toldLo = ____lease_17.toldLo
    if toldLo == nil then
        toldLo = ask.changeLo
    end
    local resized = sizeHi ~= ask.sizeHi or sizeLo ~= ask.sizeLo
    local modified = told.modified == true or resized or lease.toldHi ~= nil
    if modified then
        if compare(ask.changeHi, ask.changeLo, toldHi, toldLo) > 0 then
            toldHi = ask.changeHi
            toldLo = ask.changeLo
        end
        toldLo = toldLo + 1
        if toldLo == word then
            toldLo = 0
            toldHi = toldHi + 1 == word and 0 or toldHi + 1
        end
        lease.toldHi = toldHi
        lease.toldLo = toldLo
    end
    return {
        modified = modified,
        changeHi = toldHi,
        changeLo = toldLo,
        sizeHi = sizeHi,
        sizeLo = sizeLo,
        accessedAt = accessed.at,
        modifiedAt = modifiedTime.at,
        accessedNow = accessed.now,
        modifiedNow = modifiedTime.now
    }
end
function ____exports.attributesTell(step, input)
    local lease = step.rows:get("lease", input.leaseId)
    if lease == nil then
        return refuse("no_such_lease")
    end
    local refused = gate(step, lease.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    local file = loadFile(step, lease.fileKey)
    if file ~= nil then
        settleFile(step, file)
    end
    local ask
    for ____, each in ipairs(lease.asked or ({})) do
        if each.askId == input.askId then
            ask = each
        end
    end
    local held = file ~= nil and file.row.writer == input.leaseId
    if ask == nil or ask["until"] <= step.now or not held then
        return refuse("ask_over")
    end
    forgetAsk(lease, input.askId)
    local refuses = input.refused == true
    local ____refuses_18
    if refuses then
        ____refuses_18 = nil
    else
        ____refuses_18 = report(step, lease, ask, input)
    end
    local attributes = ____refuses_18
    step.rows:put("lease", input.leaseId, lease)
    record(step, {
        kind = "answered",
        sessionId = ask.sessionId,
        askId = input.askId,
        cause = refuses and "refused" or nil,
        attributes = attributes
    })
    return {told = true}
end
function ____exports.attributesRecall(step, input)
    local refused = gate(step, input.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    local lease = step.rows:get("lease", input.leaseId)
    local ____temp_21
    if lease == nil then
        ____temp_21 = nil
    else
        ____temp_21 = loadFile(step, lease.fileKey)
    end
    local file = ____temp_21
    if lease == nil or file == nil then
        return {holder = "none"}
    end
    settleFile(step, file)
    if file.row.writer ~= input.leaseId then
        return {holder = "none"}
    end
    if lease.sessionId == input.sessionId then
        return {holder = "own"}
    end
    forgetAsk(lease, input.askId)
    step.rows:put("lease", input.leaseId, lease)
    startBreak(
        step,
        file,
        "read",
        "attributes",
        nil,
        0,
        false
    )
    settleFile(step, file)
    return recalled(
        step,
        file,
        input.leaseId,
        lease,
        input.sessionId
    )
end
return ____exports
 end,
["libs.locks.src.core.verbs.change"] = function(...)
local ____exports = {}
local keys = require("libs.locks.src.core.keys")
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local ____admission = require("libs.locks.src.core.rules.admission")
local exportFor = ____admission.exportFor
local gate = ____admission.gate
local pidOf = ____admission.pidOf
local ____file = require("libs.locks.src.core.rules.file")
local enterFile = ____file.enterFile
local enterLists = ____file.enterLists
local loadFile = ____file.loadFile
local ____change = require("libs.locks.src.core.rules.kinds.change")
local changeKind = ____change.changeKind
local ____kind = require("libs.locks.src.core.rules.kinds.kind")
local waitNoOf = ____kind.waitNoOf
local ____queue = require("libs.locks.src.core.rules.queue")
local aheadOf = ____queue.aheadOf
local enqueue = ____queue.enqueue
local ____quota = require("libs.locks.src.core.rules.quota")
local quietOver = ____quota.quietOver
local ____notify = require("libs.locks.src.core.rules.notify")
local forgetChange = ____notify.forgetChange
local tellChange = ____notify.tellChange
local ____refusal = require("libs.locks.src.core.rules.refusal")
local mayNotWait = ____refusal.mayNotWait
local reasonFor = ____refusal.reasonFor
local ____settle = require("libs.locks.src.core.rules.settle")
local bringUp = ____settle.bringUp
local settleFile = ____settle.settleFile
local ____takeover = require("libs.locks.src.core.rules.takeover")
local makeWay = ____takeover.makeWay
local ____ending = require("libs.locks.src.core.verbs.ending")
local ____end = ____ending["end"]
local function changeView(id, change)
    return {
        changeId = id,
        sessionId = change.sessionId,
        owner = change.owner,
        exportName = change.exportName,
        path = change.path,
        fileId = change.fileId,
        fileKey = change.fileKey,
        kind = change.kind,
        announced = change.announced,
        waitNo = waitNoOf(change)
    }
end
function ____exports.fileChange(step, input)
    local refused = gate(step, input.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    local known = step.rows:get("change", input.changeId)
    if known ~= nil then
        if known.body ~= input.body then
            return refuse("id_reused_with_other_body")
        end
        return {
            change = changeView(input.changeId, known),
            waiting = known.waitNo ~= 0
        }
    end
    local ref = input.file
    local ____exportFor_result_0 = exportFor(step, ref, input, 1)
    local exp = ____exportFor_result_0.exp
    local away = ____exportFor_result_0.refused
    if exp == nil then
        return away
    end
    local loud = quietOver(step, input.sessionId, input.quietMs)
    if loud ~= nil then
        return loud
    end
    local file = enterFile(step, ref, exp)
    bringUp(step, file)
    local change = {
        no = 0,
        sessionId = input.sessionId,
        owner = input.owner,
        ownerKey = input.ownerKey,
        clientKey = input.clientKey,
        fileKey = file.key,
        exportName = ref.exportName,
        path = ref.path,
        fileId = ref.fileId,
        inode = ref.inode,
        pid = pidOf(step, input.sessionId),
        kind = input.kind,
        quietMs = input.quietMs,
        waitNo = 0,
        due = 0,
        body = input.body,
        notice = input.notice,
        reportMs = input.reportMs
    }
    local id = input.changeId
    local waiter = {kind = changeKind, id = id, row = change}
    local ahead = aheadOf(step, file, waiter)
    if ahead == nil then
        makeWay(step, file, waiter)
    end
    if ahead == nil and changeKind.admit(step, file, waiter, false) then
        settleFile(step, file)
        return {
            change = changeView(id, change),
            waiting = false
        }
    end
    local verdict = mayNotWait(
        step,
        file,
        waiter,
        reasonFor(step, file, waiter),
        input.waitMs
    )
    if verdict ~= nil then
        settleFile(step, file)
        return verdict
    end
    change.no = enterLists(
        step,
        keys.change(id),
        change.sessionId,
        file.key
    )
    enqueue(step, file, waiter, input.waitMs)
    step.rows:put("change", id, change)
    settleFile(step, file)
    local left = step.rows:get("change", id)
    return {
        change = changeView(id, left or change),
        waiting = left ~= nil and left.waitNo ~= 0
    }
end
function ____exports.changeCancel(step, input)
    local change = step.rows:get("change", input.changeId)
    if change == nil then
        return {cancelled = false}
    end
    local refused = gate(step, change.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    if change.waitNo == 0 then
        return {cancelled = false}
    end
    ____end(step, {kind = changeKind, id = input.changeId, row = change}, "cancelled")
    return {cancelled = true}
end
function ____exports.changeReport(step, input)
    local change = step.rows:get("change", input.changeId)
    if change == nil then
        return {reported = false}
    end
    local refused = gate(step, change.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    if change.announced ~= true then
        return {reported = false}
    end
    local file = loadFile(step, change.fileKey)
    forgetChange(step, file, input.changeId, change)
    if file == nil then
        return {reported = false}
    end
    if input.made then
        tellChange(step, file, change)
    end
    settleFile(step, file)
    return {reported = true}
end
return ____exports
 end,
["libs.locks.src.core.verbs.client"] = function(...)
local ____exports = {}
local liveSession, found
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local ____client = require("libs.locks.src.core.rules.client")
local clientOf = ____client.clientOf
local saveClient = ____client.saveClient
local ____courtesy = require("libs.locks.src.core.rules.courtesy")
local comeBack = ____courtesy.comeBack
local heldUntil = ____courtesy.heldUntil
local ____residence = require("libs.locks.src.core.verbs.residence")
local joinNode = ____residence.joinNode
local leaveNode = ____residence.leaveNode
local refusesNode = ____residence.refusesNode
local ____session = require("libs.locks.src.core.verbs.session")
local bury = ____session.bury
local enterSession = ____session.enterSession
local sessionView = ____session.sessionView
function liveSession(step, id)
    local ____temp_2
    if id == nil then
        ____temp_2 = nil
    else
        ____temp_2 = step.rows:get("session", id)
    end
    local session = ____temp_2
    if session == nil or session.state ~= "live" and session.state ~= "courtesy" then
        return nil
    end
    return heldUntil(session) > step.now and session or nil
end
function found(step, id, session, ____bindingPattern0)
    local courtesyMs
    local ttlMs
    local node
    node = ____bindingPattern0.node
    ttlMs = ____bindingPattern0.ttlMs
    courtesyMs = ____bindingPattern0.courtesyMs
    if session.node ~= node then
        local refused = refusesNode(step, node)
        if refused ~= nil then
            return refused
        end
        leaveNode(step, id, session)
        session.node = node
        joinNode(step, id, session)
    end
    session.ttlMs = ttlMs
    session.courtesyMs = courtesyMs
    if session.expires <= step.now then
        comeBack(step, id, session)
    end
    session.expires = math.max(session.expires, step.now + ttlMs)
    step.rows:put("session", id, session)
    return {
        session = sessionView(step, id, session),
        confirmed = true
    }
end
function ____exports.clientExchange(step, input)
    local row = clientOf(step, input.client)
    local known = liveSession(step, row.confirmed)
    if input.update == true then
        if known == nil then
            return refuse("no_such_client")
        end
        if known.verifier ~= input.verifier then
            return refuse("verifier_differs")
        end
        if known.principal ~= input.principal then
            return refuse("not_principal")
        end
    end
    if known ~= nil and row.confirmed ~= nil then
        local mayHold = known.rows > 0 or known.shards ~= nil
        local holds = mayHold and known.expires > step.now
        if known.principal ~= input.principal and holds then
            return refuse("client_in_use")
        end
        if known.principal == input.principal and known.verifier == input.verifier then
            return found(step, row.confirmed, known, input)
        end
    end
    local pending = liveSession(step, row.unconfirmed)
    if pending ~= nil and row.unconfirmed ~= nil then
        bury(step, row.unconfirmed, pending)
    end
    local ____input_0 = input
    local client = ____input_0.client
    local verifier = ____input_0.verifier
    local principal = ____input_0.principal
    local of = {client = client, verifier = verifier, principal = principal, unconfirmed = true}
    local ____enterSession_result_1 = enterSession(step, input, of)
    local session = ____enterSession_result_1.session
    local refused = ____enterSession_result_1.refused
    if session == nil then
        return refused
    end
    local now = clientOf(step, client)
    now.unconfirmed = input.sessionId
    saveClient(step, client, now)
    return {
        session = sessionView(step, input.sessionId, session),
        confirmed = false
    }
end
return ____exports
 end,
["libs.locks.src.core.verbs.delegation"] = function(...)
local ____exports = {}
local ____format = require("libs.locks.src.core.format")
local formatOf = ____format.formatOf
local formatOfNotices = ____format.formatOfNotices
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local ____admission = require("libs.locks.src.core.rules.admission")
local exportFor = ____admission.exportFor
local gate = ____admission.gate
local ____file = require("libs.locks.src.core.rules.file")
local enterFile = ____file.enterFile
local isRevoked = ____file.isRevoked
local loadFile = ____file.loadFile
local shareOf = ____file.shareOf
local ____offer = require("libs.locks.src.core.rules.offer")
local neverDelegated = ____offer.neverDelegated
local offer = ____offer.offer
local ____grant = require("libs.locks.src.core.rules.grant")
local newLease = ____grant.newLease
local ____notify = require("libs.locks.src.core.rules.notify")
local recallNotified = ____notify.recallNotified
local ____lease = require("libs.locks.src.core.rules.kinds.lease")
local leaseKind = ____lease.leaseKind
local leaseView = ____lease.leaseView
local ____settle = require("libs.locks.src.core.rules.settle")
local bringUp = ____settle.bringUp
local settleFile = ____settle.settleFile
local ____takeover = require("libs.locks.src.core.rules.takeover")
local makeWay = ____takeover.makeWay
function ____exports.delegationWant(step, input)
    local refused = gate(step, input.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    local ref = input.file
    local ____exportFor_result_0 = exportFor(step, ref, input, 0)
    local exp = ____exportFor_result_0.exp
    local away = ____exportFor_result_0.refused
    if exp == nil then
        return away
    end
    if input.directory == true then
        if not exp.directories then
            return {pending = false, whyNot = "IS_DIR", willSignal = false}
        end
        if input.want == "write" then
            return {pending = false, whyNot = "WRITE_DELEG_NOT_SUPP_FTYPE", willSignal = false}
        end
    end
    local notify = input.directory == true and input.notify == true and formatOf(step.meta) >= formatOfNotices
    local file = enterFile(step, ref, exp)
    bringUp(step, file)
    if input.reclaim == true and neverDelegated(step, file, input) then
        return refuse("reclaim_bad")
    end
    local isOther = shareOf(step, file.key, input.clientKey).leaseId ~= input.leaseId
    if isOther and step.rows:get("lease", input.leaseId) ~= nil then
        return refuse("reclaim_bad")
    end
    if input.want ~= "none" and input.want ~= "cancel" then
        local ____input_1 = input
        local sessionId = ____input_1.sessionId
        local clientKey = ____input_1.clientKey
        local exportName = ref.exportName
        local path = ref.path
        local fileId = ref.fileId
        local inode = ref.inode
        local item = {
            fileKey = file.key,
            exportName = exportName,
            path = path,
            fileId = fileId,
            inode = inode,
            owner = sessionId,
            ownerKey = clientKey,
            clientKey = clientKey
        }
        local row = newLease(item, sessionId, 0, true)
        row.delegation = true
        row.waitType = input.want == "write" and "write" or "read"
        makeWay(step, file, {kind = leaseKind, id = input.leaseId, row = row})
    end
    local ____offer_result_2 = offer(step, file, {
        leaseId = input.leaseId,
        sessionId = input.sessionId,
        clientKey = input.clientKey,
        file = ref,
        want = input.want,
        writes = false,
        signal = input.signal == true,
        push = input.push == true,
        times = input.times == true,
        notify = notify,
        reclaim = input.reclaim == true
    })
    local leaseId = ____offer_result_2.leaseId
    local whyNot = ____offer_result_2.whyNot
    local willSignal = ____offer_result_2.willSignal
    local willPush = ____offer_result_2.willPush
    settleFile(step, file)
    local ____temp_3
    if leaseId == nil then
        ____temp_3 = nil
    else
        ____temp_3 = step.rows:get("lease", leaseId)
    end
    local lease = ____temp_3
    if lease == nil or leaseId == nil then
        return {pending = false, whyNot = whyNot or "CONTENTION", willSignal = willSignal, willPush = willPush}
    end
    return {
        lease = leaseView(step, leaseId, lease),
        pending = lease.pendingType ~= nil
    }
end
function ____exports.delegationUntold(step, input)
    local lease = step.rows:get("lease", input.leaseId)
    if lease == nil then
        return refuse("no_such_lease")
    end
    local refused = gate(step, lease.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    local file = loadFile(step, lease.fileKey)
    if file == nil or lease.state ~= "active" or isRevoked(file.row, lease) then
        return {recalled = false}
    end
    recallNotified(step, file, lease)
    settleFile(step, file)
    return {recalled = lease.notify == true}
end
return ____exports
 end,
["libs.locks.src.core.verbs.dlm"] = function(...)
local ____exports = {}
local answer, prepare, enter, giveWay, list, refuseNow, mayNotQueue, queue, noRoomToStay, prolong, lockOfRequest, reclaims, knownLock, reclaimed, again, endOf, newRow, adopt, convert
local keys = require("libs.locks.src.core.keys")
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local ____admission = require("libs.locks.src.core.rules.admission")
local claim = ____admission.claim
local exportFor = ____admission.exportFor
local gate = ____admission.gate
local notMissing = ____admission.notMissing
local pidOf = ____admission.pidOf
local ____connection = require("libs.locks.src.core.rules.connection")
local connectionRefusal = ____connection.connectionRefusal
local joinConnection = ____connection.joinConnection
local ____deadlock = require("libs.locks.src.core.rules.deadlock")
local cycleOf = ____deadlock.cycleOf
local memberOfCycle = ____deadlock.memberOfCycle
local ____ended = require("libs.locks.src.core.rules.ended")
local rememberEnd = ____ended.rememberEnd
local ____file = require("libs.locks.src.core.rules.file")
local enterFile = ____file.enterFile
local enterLists = ____file.enterLists
local loadFile = ____file.loadFile
local ____grace = require("libs.locks.src.core.rules.grace")
local inGraceOf = ____grace.inGraceOf
local ____kind = require("libs.locks.src.core.rules.kinds.kind")
local dropWaiter = ____kind.dropWaiter
local waitNoOf = ____kind.waitNoOf
local ____dlm = require("libs.locks.src.core.rules.kinds.dlm")
local dlmKind = ____dlm.dlmKind
local stateOfDlm = ____dlm.stateOfDlm
local ____modes = require("libs.locks.src.core.rules.modes")
local mayQueue = ____modes.mayQueue
local modes = ____modes.modes
local ____queue = require("libs.locks.src.core.rules.queue")
local enqueue = ____queue.enqueue
local hasRoom = ____queue.hasRoom
local shareOver = ____queue.shareOver
local ____refusal = require("libs.locks.src.core.rules.refusal")
local deadlocked = ____refusal.deadlocked
local explain = ____refusal.explain
local reasonFor = ____refusal.reasonFor
local ____resource = require("libs.locks.src.core.rules.resource")
local deadlockedWith = ____resource.deadlockedWith
local demote = ____resource.demote
local enterTurns = ____resource.enterTurns
local grantAnew = ____resource.grantAnew
local grantIn = ____resource.grantIn
local grantableNow = ____resource.grantableNow
local leaveOrphans = ____resource.leaveOrphans
local orphansMax = ____resource.orphansMax
local orphansOver = ____resource.orphansOver
local placeFor = ____resource.placeFor
local readBlock = ____resource.readBlock
local removeLock = ____resource.removeLock
local resourceOf = ____resource.resourceOf
local restore = ____resource.restore
local serveConversions = ____resource.serveConversions
local sum = ____resource.sum
local tellRefusing = ____resource.tellRefusing
local untangle = ____resource.untangle
local writeBlock = ____resource.writeBlock
local ____settle = require("libs.locks.src.core.rules.settle")
local settleFile = ____settle.settleFile
local ____tenant = require("libs.locks.src.core.rules.tenant")
local tenantOf = ____tenant.tenantOf
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local setDue = ____step.setDue
function ____exports.dlmView(id, row)
    local ____id_1 = id
    local ____row_sessionId_2 = row.sessionId
    local ____row_owner_3 = row.owner
    local ____row_exportName_4 = row.exportName
    local ____row_path_5 = row.path
    local ____row_fileKey_6 = row.fileKey
    local ____row_connection_7 = row.connection
    local ____stateOfDlm_result_8 = stateOfDlm(row)
    local ____row_mode_9 = row.mode
    local ____row_wants_10 = row.wants
    local ____waitNoOf_result_11 = waitNoOf(row)
    local ____row_seqid_12 = row.seqid
    local ____temp_0
    if row.token == 0 then
        ____temp_0 = nil
    else
        ____temp_0 = row.token
    end
    return {
        lockId = ____id_1,
        sessionId = ____row_sessionId_2,
        owner = ____row_owner_3,
        exportName = ____row_exportName_4,
        path = ____row_path_5,
        fileKey = ____row_fileKey_6,
        connectionId = ____row_connection_7,
        state = ____stateOfDlm_result_8,
        mode = ____row_mode_9,
        wants = ____row_wants_10,
        waitNo = ____waitNoOf_result_11,
        seqid = ____row_seqid_12,
        token = ____temp_0,
        persistent = row.persistent,
        blocking = row.told,
        read = row.read,
        demoted = row.demoted,
        altMode = row.altMode
    }
end
function answer(____bindingPattern0)
    local row
    local id
    id = ____bindingPattern0.id
    row = ____bindingPattern0.row
    return {
        lock = ____exports.dlmView(id, row),
        waiting = row.waitNo ~= 0
    }
end
function prepare(row, ____bindingPattern0)
    local flags
    local mode
    mode = ____bindingPattern0.mode
    flags = ____bindingPattern0.flags
    row.wants = mode
    row.valblk = flags.valblk
    row.nodlckwt = flags.nodlckwt
    row.convdeadlk = flags.convdeadlk
    if flags.altpr == true and mode ~= "PR" then
        row.alt = "PR"
    elseif flags.altcw == true and mode ~= "CW" then
        row.alt = "CW"
    end
    row.read = nil
    row.demoted = nil
    row.altMode = nil
end
function enter(step, file, lock, request)
    local ____lock_13 = lock
    local row = ____lock_13.row
    local ____request_14 = request
    local mode = ____request_14.mode
    local flags = ____request_14.flags
    local block = ____request_14.block
    local queues = flags.noqueue ~= true and request.waitMs > 0
    local ____temp_15
    if queues and row.mode ~= nil then
        ____temp_15 = deadlockedWith(step, file, row.mode, dlmKind)
    else
        ____temp_15 = nil
    end
    local other = ____temp_15
    local ____temp_16
    if other == nil then
        ____temp_16 = row.alt
    else
        ____temp_16 = nil
    end
    local alt = ____temp_16
    local now = grantableNow(
        file,
        row,
        mode,
        flags,
        alt
    )
    if now ~= nil then
        list(step, file, lock)
        grantIn(
            step,
            file,
            lock,
            now,
            {block = block, ivvalblk = flags.ivvalblk, turn = false}
        )
        return nil
    end
    if not queues then
        return refuseNow(step, file, lock, request)
    end
    if other ~= nil and flags.convdeadlk == true then
        return giveWay(step, file, lock, request)
    end
    if other ~= nil and flags.nodlckwt ~= true then
        return deadlocked(
            step,
            lock,
            {
                memberOfCycle(lock),
                memberOfCycle(other)
            }
        )
    end
    local refused = mayNotQueue(step, file, lock, request)
    if refused == nil then
        queue(step, file, lock, request)
    end
    return refused
end
function giveWay(step, file, lock, request)
    local ____lock_17 = lock
    local id = ____lock_17.id
    local row = ____lock_17.row
    local ____row_18 = row
    local held = ____row_18.mode
    local token = ____row_18.token
    demote(step, file, id, row)
    local refused = mayNotQueue(step, file, lock, request)
    if refused ~= nil then
        if held ~= nil then
            restore(
                step,
                file,
                id,
                row,
                held,
                token
            )
        end
        return refused
    end
    serveConversions(step, file, dlmKind)
    local freed = grantableNow(
        file,
        row,
        request.mode,
        request.flags,
        nil
    )
    if freed == nil then
        queue(step, file, lock, request)
    else
        row.place = 0
        grantIn(
            step,
            file,
            lock,
            freed,
            {turn = false}
        )
    end
    return nil
end
function list(step, file, ____bindingPattern0)
    local row
    local id
    id = ____bindingPattern0.id
    row = ____bindingPattern0.row
    if row.no ~= 0 then
        return
    end
    row.no = enterLists(
        step,
        keys.dlm(id),
        row.sessionId,
        file.key
    )
    joinConnection(step, id, row)
end
function refuseNow(step, file, lock, ____bindingPattern0)
    local flags
    local mode
    mode = ____bindingPattern0.mode
    flags = ____bindingPattern0.flags
    if flags.noqueuebast == true then
        tellRefusing(step, file, lock, mode)
    end
    lock.row.place = placeFor(
        resourceOf(file),
        lock.row,
        false
    )
    return explain(
        step,
        file,
        lock,
        reasonFor(step, file, lock)
    )
end
function mayNotQueue(step, file, lock, ____bindingPattern0)
    local flags
    flags = ____bindingPattern0.flags
    local ____lock_19 = lock
    local row = ____lock_19.row
    if not hasRoom(step, file) then
        return explain(step, file, lock, "queue_full")
    end
    local over = shareOver(step, file, lock)
    if over ~= nil then
        return over
    end
    row.place = placeFor(
        resourceOf(file),
        row,
        flags.headque == true
    )
    local cycle = cycleOf(step, file, lock)
    local ____temp_20
    if cycle == nil then
        ____temp_20 = nil
    else
        ____temp_20 = deadlocked(step, lock, cycle)
    end
    return ____temp_20
end
function queue(step, file, lock, ____bindingPattern0)
    local waitMs
    waitMs = ____bindingPattern0.waitMs
    local ____lock_21 = lock
    local id = ____lock_21.id
    local row = ____lock_21.row
    list(step, file, lock)
    enterTurns(step, file, lock)
    enqueue(step, file, lock, waitMs)
    step.rows:put("dlm", id, row)
    untangle(step, file, lock)
end
function noRoomToStay(step, file, input)
    if input.flags.persistent ~= true then
        return nil
    end
    return orphansOver(
        step,
        file,
        input.file.exportName,
        tenantOf(step, input.sessionId)
    )
end
function prolong(step, id, row, waitMs)
    local ____until = step.now + waitMs
    if ____until <= row.due then
        return
    end
    setDue(
        step,
        keys.dlm(id),
        row,
        ____until
    )
    step.rows:put("dlm", id, row)
end
function lockOfRequest(step, id)
    local ____opt_23 = step.rows:get("ended", id)
    return ____opt_23 and ____opt_23.adopted or id
end
function reclaims(step, ____bindingPattern0)
    local file
    local body
    local reclaim
    reclaim = ____bindingPattern0.reclaim
    body = ____bindingPattern0.body
    file = ____bindingPattern0.file
    return reclaim == true and body == nil and inGraceOf(step, file.exportName)
end
function knownLock(step, input, id)
    local row = step.rows:get("dlm", id)
    if row == nil or row.mode ~= nil or row.sessionId ~= input.sessionId then
        return row
    end
    local ____reclaims_result_25
    if reclaims(step, input) then
        ____reclaims_result_25 = loadFile(step, row.fileKey)
    else
        ____reclaims_result_25 = nil
    end
    local file = ____reclaims_result_25
    if file == nil or notMissing(step, input.sessionId, file) ~= nil then
        return row
    end
    dropWaiter(step, file, {kind = dlmKind, id = id, row = row}, "cancelled")
    settleFile(step, file)
    return nil
end
function reclaimed(step, input, id, row)
    local lock = {kind = dlmKind, id = id, row = row}
    local file = loadFile(step, row.fileKey)
    if file == nil or row.mode == input.mode and row.wants == nil then
        return answer(lock)
    end
    local refused = notMissing(step, row.sessionId, file)
    if refused ~= nil then
        return refused
    end
    if row.wants ~= nil then
        dropWaiter(step, file, lock, "cancelled")
    end
    if row.mode == input.mode then
        settleFile(step, file)
        return answer(lock)
    end
    resourceOf(file).invalid = true
    return convert(step, file, lock, {mode = input.mode, flags = {}, waitMs = 0})
end
function again(step, input, id, row)
    if row.sessionId ~= input.sessionId then
        return refuse("not_holder")
    end
    if reclaims(step, input) then
        return reclaimed(step, input, id, row)
    end
    if row.body ~= input.body then
        return refuse("id_reused_with_other_body")
    end
    if row.mode == nil then
        prolong(step, id, row, input.waitMs)
    end
    return answer({kind = dlmKind, id = id, row = row})
end
function endOf(step, ____bindingPattern0)
    local body
    local lockId
    lockId = ____bindingPattern0.lockId
    body = ____bindingPattern0.body
    local ended = step.rows:get("ended", lockId)
    if ended == nil then
        return nil
    end
    if ended.how == "cancelled" then
        return refuse("cancelled")
    end
    if body ~= nil and ended.body ~= body then
        return refuse("id_reused_with_other_body")
    end
    return {refused = {reason = "lock_over", ended = ended.how}}
end
function newRow(step, file, input)
    return {
        no = 0,
        sessionId = input.sessionId,
        owner = input.owner,
        ownerKey = input.ownerKey,
        clientKey = input.clientKey,
        fileKey = file.key,
        exportName = input.file.exportName,
        path = input.file.path,
        fileId = input.file.fileId,
        inode = input.file.inode,
        pid = pidOf(step, input.sessionId),
        waitNo = 0,
        due = 0,
        place = 0,
        grantNo = 0,
        token = 0,
        seqid = 0,
        persistent = input.flags.persistent,
        connection = input.connectionId,
        body = input.body
    }
end
function adopt(step, file, input)
    local found
    local others = false
    local tenant = tenantOf(step, input.sessionId)
    for ____, ____value in ipairs(step.rows:page(
        keys.orphans(file.key, tenant),
        0,
        endOfList,
        orphansMax
    )) do
        local member = ____value.member
        do
            local __continue64
            repeat
                local row = step.rows:get("dlm", member)
                if row == nil then
                    __continue64 = true
                    break
                end
                if row.mode ~= input.mode then
                    others = true
                else
                    found = found or ({kind = dlmKind, id = member, row = row})
                end
                __continue64 = true
            until true
            if not __continue64 then
                break
            end
        end
    end
    if found == nil then
        return refuse(others and "mode_conflict" or "no_such_lock")
    end
    local ____found_26 = found
    local id = ____found_26.id
    local row = ____found_26.row
    leaveOrphans(step, file, found)
    local ____input_27 = input
    local sessionId = ____input_27.sessionId
    local owner = ____input_27.owner
    local ownerKey = ____input_27.ownerKey
    local clientKey = ____input_27.clientKey
    local body = ____input_27.body
    rememberEnd(
        step,
        input.lockId,
        {sessionId = sessionId, body = body},
        "adopted",
        {adopted = id}
    )
    row.tenant = nil
    row.body = body
    row.valblk = input.flags.valblk
    row.read = row.valblk == true and readBlock(resourceOf(file)) or nil
    row.demoted = nil
    row.altMode = nil
    row.sessionId = sessionId
    row.owner = owner
    row.ownerKey = ownerKey
    row.clientKey = clientKey
    row.pid = pidOf(step, sessionId)
    row.no = enterLists(
        step,
        keys.dlm(id),
        sessionId,
        file.key
    )
    row.connection = input.connectionId
    joinConnection(step, id, row)
    grantAnew(step, file, found)
    step.rows:put("dlm", id, row)
    settleFile(step, file)
    return answer(found)
end
function convert(step, file, lock, request)
    local ____lock_31 = lock
    local row = ____lock_31.row
    prepare(row, request)
    local ____not = enter(step, file, lock, request)
    if ____not ~= nil then
        row.wants = nil
        row.alt = nil
        row.place = 0
        step.rows:put("dlm", lock.id, row)
    end
    settleFile(step, file)
    return ____not or answer(lock)
end
local function fitNew(____bindingPattern0, mode)
    local expedite
    local convdeadlk
    local quecvt
    local noqueue
    noqueue = ____bindingPattern0.noqueue
    quecvt = ____bindingPattern0.quecvt
    convdeadlk = ____bindingPattern0.convdeadlk
    expedite = ____bindingPattern0.expedite
    if quecvt == true or convdeadlk == true then
        return false
    end
    return expedite ~= true or noqueue ~= true and mode == "NL"
end
local function fitConversion(____bindingPattern0)
    local orphan
    local persistent
    local expedite
    local convdeadlk
    local noqueue
    noqueue = ____bindingPattern0.noqueue
    convdeadlk = ____bindingPattern0.convdeadlk
    expedite = ____bindingPattern0.expedite
    persistent = ____bindingPattern0.persistent
    orphan = ____bindingPattern0.orphan
    if expedite == true or persistent == true or orphan == true then
        return false
    end
    return convdeadlk ~= true or noqueue ~= true
end
function ____exports.dlmLock(step, input)
    local refused = gate(step, input.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    local made = lockOfRequest(step, input.lockId)
    local known = knownLock(step, input, made)
    if known ~= nil then
        return again(step, input, made, known)
    end
    local over = endOf(step, input)
    if over ~= nil then
        return over
    end
    if not fitNew(input.flags, input.mode) then
        return refuse("bad_flags")
    end
    local off = connectionRefusal(step, input, input.file.exportName)
    if off ~= nil then
        return off
    end
    local ____exportFor_result_22 = exportFor(step, input.file, input, 1)
    local exp = ____exportFor_result_22.exp
    local away = ____exportFor_result_22.refused
    if exp == nil then
        return away
    end
    local file = enterFile(step, input.file, exp)
    if input.flags.orphan == true then
        return adopt(step, file, input)
    end
    local row = newRow(step, file, input)
    prepare(row, input)
    if input.reclaim == true then
        resourceOf(file).invalid = true
    end
    local lock = {kind = dlmKind, id = input.lockId, row = row}
    local full = sum(resourceOf(file).granted) + file.row.waiting >= step.meta.limits.rangesMax
    local ____not = full and refuse("resource_locks_max") or (noRoomToStay(step, file, input) or enter(step, file, lock, input))
    settleFile(step, file)
    return ____not or answer(lock)
end
local function lockFor(step, ____bindingPattern0)
    local digest
    local lockId
    lockId = ____bindingPattern0.lockId
    digest = ____bindingPattern0.digest
    local row = step.rows:get("dlm", lockId)
    if row == nil or row.sessionId == "" then
        return {refused = refuse("no_such_lock")}
    end
    local refused = gate(step, row.sessionId, digest)
    if refused ~= nil then
        return {refused = refused}
    end
    local file = loadFile(step, row.fileKey)
    if file == nil then
        return {refused = refuse("no_such_lock")}
    end
    return {lock = {kind = dlmKind, id = lockId, row = row}, file = file}
end
function ____exports.dlmConvert(step, input)
    local found = lockFor(step, input)
    if found.lock == nil then
        return found.refused
    end
    local lock = found.lock
    local file = found.file
    local ____lock_28 = lock
    local row = ____lock_28.row
    local ____row_29 = row
    local connectionId = ____row_29.connection
    local sessionId = ____row_29.sessionId
    local exportName = ____row_29.exportName
    local off = connectionRefusal(step, {connectionId = connectionId, sessionId = sessionId}, exportName)
    if off ~= nil then
        return off
    end
    if input.seqid ~= nil and input.seqid ~= row.seqid then
        return refuse("seqid_old")
    end
    if not fitConversion(input.flags) then
        return refuse("bad_flags")
    end
    if row.mode ~= nil and row.wants == input.mode then
        prolong(step, lock.id, row, input.waitMs)
    end
    if row.mode == nil or row.wants ~= nil then
        return refuse("request_pending")
    end
    local goesUp = mayQueue(row.mode, input.mode)
    if input.flags.quecvt == true and not goesUp then
        return refuse("bad_flags")
    end
    local ____goesUp_30
    if goesUp then
        ____goesUp_30 = claim(step, sessionId, nil, exportName)
    else
        ____goesUp_30 = nil
    end
    local unclaimed = ____goesUp_30
    return unclaimed or convert(step, file, lock, input)
end
function ____exports.dlmCancel(step, input)
    local refused = gate(step, input.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    local id = lockOfRequest(step, input.lockId)
    local row = step.rows:get("dlm", id)
    local ____temp_32
    if row == nil then
        ____temp_32 = nil
    else
        ____temp_32 = loadFile(step, row.fileKey)
    end
    local file = ____temp_32
    if row == nil or file == nil then
        local ended = step.rows:get("ended", input.lockId)
        if (ended and ended.sessionId) == input.sessionId then
            return {cancelled = ended.how == "cancelled"}
        end
        if input.ahead == true and ended == nil then
            rememberEnd(step, input.lockId, {sessionId = input.sessionId, body = ""}, "cancelled")
        end
        return {cancelled = true}
    end
    if row.sessionId ~= input.sessionId then
        return refuse("not_holder")
    end
    if row.wants == nil then
        return {
            cancelled = false,
            lock = ____exports.dlmView(id, row)
        }
    end
    if row.mode == nil and input.repeatable ~= true then
        rememberEnd(step, id, row, "cancelled")
    end
    dropWaiter(step, file, {kind = dlmKind, id = id, row = row}, "cancelled")
    settleFile(step, file)
    local ____temp_35
    if row.mode == nil then
        ____temp_35 = nil
    else
        ____temp_35 = ____exports.dlmView(id, row)
    end
    return {cancelled = true, lock = ____temp_35}
end
function ____exports.dlmUnlock(step, input)
    local found = lockFor(step, input)
    if found.lock == nil then
        return found.refused
    end
    local lock = found.lock
    local file = found.file
    local ____lock_row_36 = lock.row
    local mode = ____lock_row_36.mode
    if mode == "PW" or mode == "EX" then
        writeBlock(
            resourceOf(file),
            input
        )
    end
    rememberEnd(step, lock.id, lock.row, "unlocked")
    if lock.row.wants ~= nil then
        dropWaiter(step, file, lock, "cancelled")
    end
    if mode ~= nil then
        removeLock(step, file, lock)
    end
    settleFile(step, file)
    return {unlocked = true}
end
function ____exports.dlmGet(step, input)
    local found = lockFor(step, input)
    if found.lock == nil then
        local ____temp_37 = step.rows:get("ended", input.lockId) or ({})
        local sessionId = ____temp_37.sessionId
        if sessionId == nil then
            sessionId = ""
        end
        local isOurs = gate(step, sessionId, input.digest) == nil
        local ____isOurs_38
        if isOurs then
            ____isOurs_38 = endOf(step, input)
        else
            ____isOurs_38 = nil
        end
        return ____isOurs_38 or found.refused
    end
    if input.body ~= nil and found.lock.row.body ~= input.body then
        return refuse("id_reused_with_other_body")
    end
    return {lock = ____exports.dlmView(input.lockId, found.lock.row)}
end
function ____exports.dlmList(step, input)
    local refused = gate(step, input.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    local locks = {}
    local page = step.rows:page(
        keys.sessionRows(input.sessionId),
        input.after,
        endOfList,
        input.limit
    )
    local after
    for ____, entry in ipairs(page) do
        do
            local __continue102
            repeat
                after = entry.score
                if keys.rowMember(step.rows, entry.member) ~= "dlm" then
                    __continue102 = true
                    break
                end
                local id = keys.idOf(step.rows, entry.member)
                local row = step.rows:get("dlm", id)
                if row ~= nil then
                    locks[#locks + 1] = ____exports.dlmView(id, row)
                end
                __continue102 = true
            until true
            if not __continue102 then
                break
            end
        end
    end
    local ____locks_40 = locks
    local ____temp_39
    if #page < input.limit then
        ____temp_39 = nil
    else
        ____temp_39 = after
    end
    return {locks = ____locks_40, after = ____temp_39}
end
local function dumpOf(step, id, row)
    local ____row_41 = row
    local sessionId = ____row_41.sessionId
    local pid = ____row_41.pid
    local home = ____row_41.home
    local valblk = ____row_41.valblk
    local nodlckwt = ____row_41.nodlckwt
    local alt = ____row_41.alt
    local due = ____row_41.due
    local connection = ____row_41.connection
    local ____temp_42
    if connection == nil then
        ____temp_42 = nil
    else
        ____temp_42 = step.rows:get("connection", connection)
    end
    local through = ____temp_42
    local dump = ____exports.dlmView(id, row)
    dump.pid = pid
    local ____home_45 = home
    if ____home_45 == nil then
        local ____opt_43 = step.rows:get("session", sessionId)
        ____home_45 = ____opt_43 and ____opt_43.node
    end
    dump.node = ____home_45
    if through ~= nil then
        dump.protocol = {major = through.major, minor = through.minor}
    end
    dump.valblk = valblk
    dump.nodlckwt = nodlckwt
    dump.alt = alt
    if due ~= 0 then
        dump.remainingMs = math.max(0, due - step.now)
    end
    return dump
end
function ____exports.resourceGet(step, input)
    local file = loadFile(step, input.fileKey)
    if (file and file.row.resource) == nil then
        return refuse("no_such_lock")
    end
    local ____file_row_resource_48 = file.row.resource
    local block = ____file_row_resource_48.block
    local invalid = ____file_row_resource_48.invalid
    local counts = ____file_row_resource_48.granted
    local granted = {}
    local converting = {}
    local waiting = {}
    local function add(id)
        local row = step.rows:get("dlm", id)
        if row == nil then
            return
        end
        local list = row.wants == nil and granted or (row.mode == nil and waiting or converting)
        list[#list + 1] = dumpOf(step, id, row)
    end
    for ____, mode in ipairs(modes) do
        for ____, ____value in ipairs(step.rows:page(
            keys.grantedIn(file.key, mode),
            0,
            endOfList,
            input.limit
        )) do
            local member = ____value.member
            if #granted < input.limit then
                add(member)
            end
        end
    end
    for ____, ____value in ipairs(step.rows:page(
        keys.turns(file.key),
        0,
        endOfList,
        input.limit
    )) do
        local member = ____value.member
        add(member)
    end
    local listed = #granted + #converting + #waiting
    local all = sum(counts) + file.row.waiting - #converting
    return {resource = {
        exportName = file.row.exportName,
        path = file.row.path,
        block = block,
        valid = block ~= nil and invalid ~= true,
        granted = granted,
        converting = converting,
        waiting = waiting,
        more = listed < all
    }}
end
return ____exports
 end,
["libs.locks.src.core.verbs.grace"] = function(...)
local ____exports = {}
local listHolders, looked
local ____format = require("libs.locks.src.core.format")
local formatOf = ____format.formatOf
local formatOfExportGrace = ____format.formatOfExportGrace
local keys = require("libs.locks.src.core.keys")
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local ____admission = require("libs.locks.src.core.rules.admission")
local gate = ____admission.gate
local ____grace = require("libs.locks.src.core.rules.grace")
local awaitedIn = ____grace.awaitedIn
local awaitedMax = ____grace.awaitedMax
local completeIn = ____grace.completeIn
local endClaims = ____grace.endClaims
local endGrace = ____grace.endGrace
local graceLeftIn = ____grace.graceLeftIn
local settleGrace = ____grace.settleGrace
local ____table = require("libs.locks.src.core.rules.kinds.table")
local lockOf = ____table.lockOf
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local nextSeq = ____step.nextSeq
local ____session = require("libs.locks.src.core.verbs.session")
local mayReclaim = ____session.mayReclaim
function listHolders(step, exp)
    local list = keys.graceOf(exp.name)
    local listed = {}
    local left = looked
    for ____, ____value in ipairs(step.rows:page(
        keys.exportFiles(exp.name),
        0,
        endOfList,
        looked
    )) do
        local fileKey = ____value.member
        left = left - 1
        for ____, ____value in ipairs(step.rows:page(
            keys.fileRows(fileKey),
            0,
            endOfList,
            math.max(left, 1)
        )) do
            local member = ____value.member
            do
                local __continue17
                repeat
                    left = left - 1
                    local ____opt_1 = lockOf(step, member)
                    local sessionId = ____opt_1 and ____opt_1.row.sessionId
                    local ____temp_3
                    if sessionId == nil then
                        ____temp_3 = nil
                    else
                        ____temp_3 = step.rows:get("session", sessionId)
                    end
                    local session = ____temp_3
                    if session == nil or sessionId == nil or listed[sessionId] == true then
                        __continue17 = true
                        break
                    end
                    listed[sessionId] = true
                    step.rows:link(list, sessionId, session.no)
                    __continue17 = true
                until true
                if not __continue17 then
                    break
                end
            end
        end
        if left <= 0 then
            break
        end
    end
    local many = #step.rows:page(list, 0, endOfList, awaitedMax + 1) > awaitedMax
    if left > 0 and not many then
        return
    end
    for ____, ____value in ipairs(step.rows:page(list, 0, endOfList, looked)) do
        local member = ____value.member
        local score = ____value.score
        step.rows:unlink(list, member, score)
    end
    exp.graceOpen = true
end
looked = 1024
function ____exports.reclaimComplete(step, input)
    local session = step.rows:get("session", input.sessionId)
    if session == nil then
        return {refused = {reason = "no_such_session"}}
    end
    local refused = gate(step, input.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    local ____input_0 = input
    local exportName = ____input_0.exportName
    if exportName ~= nil then
        local exp = step.rows:get("export", exportName)
        if exp == nil then
            return refuse("no_such_export")
        end
        completeIn(step, exp, input.sessionId, session)
        return {graceMs = settleGrace(step, exp)}
    end
    local isDone = session.complete == true and not mayReclaim(step, session)
    if session.client ~= nil and isDone and step.meta.graces == nil then
        return {refused = {reason = "reclaims_complete"}}
    end
    endClaims(step, session)
    session.complete = true
    session.completeNo = nextSeq(step)
    session.reclaimedIn = step.meta.graceNo or 0
    step.rows:put("session", input.sessionId, session)
    return {graceMs = math.max(0, step.meta.graceUntil - step.now)}
end
function ____exports.graceGet(step, ____bindingPattern0)
    local exportName
    exportName = ____bindingPattern0.exportName
    local graceMs = math.max(0, step.meta.graceUntil - step.now)
    if graceMs > 0 or exportName == nil then
        return {graceMs = graceMs, sessions = graceMs > 0 and step.meta.graceWaits or 0}
    end
    local exp = step.rows:get("export", exportName)
    if exp == nil then
        return {graceMs = 0, sessions = 0}
    end
    return {
        graceMs = graceLeftIn(step, exp),
        sessions = awaitedIn(step, exp)
    }
end
function ____exports.exportGrace(step, input)
    local exp = step.rows:get("export", input.name)
    if exp == nil then
        return refuse("no_such_export")
    end
    if formatOf(step.meta) < formatOfExportGrace then
        return refuse("earlier_version")
    end
    endGrace(step, exp)
    if input.graceMs > 0 then
        exp.graceUntil = step.now + input.graceMs
        exp.graceNo = nextSeq(step)
        step.meta.graces = (step.meta.graces or 0) + 1
        listHolders(step, exp)
        step.rows:put("export", exp.name, exp)
    end
    return {
        graceMs = settleGrace(step, exp),
        sessions = awaitedIn(step, exp)
    }
end
return ____exports
 end,
["libs.locks.src.core.verbs.listing"] = function(...)
local ____exports = {}
local addWaiters, viewOf, holdsLooked
local keys = require("libs.locks.src.core.keys")
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local ____admission = require("libs.locks.src.core.rules.admission")
local gate = ____admission.gate
local ____file = require("libs.locks.src.core.rules.file")
local isRevoked = ____file.isRevoked
local loadFile = ____file.loadFile
local ____kind = require("libs.locks.src.core.rules.kinds.kind")
local ageOf = ____kind.ageOf
local ____table = require("libs.locks.src.core.rules.kinds.table")
local lockById = ____table.lockById
local lockOf = ____table.lockOf
local ____queue = require("libs.locks.src.core.rules.queue")
local aheadOf = ____queue.aheadOf
local countAhead = ____queue.countAhead
local waitsBehind = ____queue.waitsBehind
local ____refusal = require("libs.locks.src.core.rules.refusal")
local explain = ____refusal.explain
local reasonFor = ____refusal.reasonFor
local ____settle = require("libs.locks.src.core.rules.settle")
local settleFile = ____settle.settleFile
local ____tenant = require("libs.locks.src.core.rules.tenant")
local introduce = ____tenant.introduce
local veil = ____tenant.veil
local ____way = require("libs.locks.src.core.rules.way")
local mindsLease = ____way.mindsLease
local opensRefusing = ____way.opensRefusing
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
function addWaiters(step, tree, id, level, seen, waiters)
    seen[id] = true
    for ____, branch in ipairs(tree) do
        do
            local __continue26
            repeat
                if branch.blockedBy ~= id or seen[branch.waiter.id] == true then
                    __continue26 = true
                    break
                end
                local view = viewOf(step, branch.waiter)
                view.blockedBy = id
                view.level = level
                waiters[#waiters + 1] = view
                addWaiters(
                    step,
                    tree,
                    branch.waiter.id,
                    level + 1,
                    seen,
                    waiters
                )
                __continue26 = true
            until true
            if not __continue26 then
                break
            end
        end
    end
end
function viewOf(step, lock)
    local view = introduce(
        step,
        lock.kind.view(step, lock.id, lock.row)
    )
    view.ageMs = ageOf(step, lock)
    return view
end
local function holdInTheWay(step, file, waiter)
    local ____waiter_kind_0 = waiter.kind
    local space = ____waiter_kind_0.own
    if space ~= nil then
        for ____, ____value in ipairs(space.inTheWay(step, file, waiter.row, 1)) do
            local id = ____value.id
            return id
        end
        return nil
    end
    for ____, entry in ipairs(step.rows:page(
        keys.grants(file.key),
        0,
        endOfList,
        holdsLooked
    )) do
        do
            local __continue6
            repeat
                local lease = step.rows:get("lease", entry.member)
                if lease == nil or isRevoked(file.row, lease) then
                    __continue6 = true
                    break
                end
                local own = lease.ownerKey == waiter.row.ownerKey or lease.ownerKey == waiter.row.clientKey
                if not own and mindsLease(waiter, lease) then
                    return entry.member
                end
                __continue6 = true
            until true
            if not __continue6 then
                break
            end
        end
    end
    for ____, ____value in ipairs(opensRefusing(step, file, waiter, 1)) do
        local id = ____value.id
        return id
    end
    if not file.row.fence then
        return nil
    end
    for ____, entry in ipairs(step.rows:page(
        keys.grants(file.key),
        0,
        endOfList,
        1
    )) do
        return entry.member
    end
    return nil
end
holdsLooked = 16
local function treeOf(step, fileKey, trees)
    local known = trees[fileKey]
    if known ~= nil then
        return known
    end
    local tree = {}
    trees[fileKey] = tree
    local file = loadFile(step, fileKey)
    if file == nil or file.row.waiting == 0 then
        return tree
    end
    for ____, entry in ipairs(step.rows:page(
        keys.queue(fileKey),
        0,
        endOfList,
        file.row.waiting
    )) do
        do
            local __continue18
            repeat
                local waiter = lockOf(step, entry.member)
                if waiter == nil then
                    __continue18 = true
                    break
                end
                local under = holdInTheWay(step, file, waiter)
                for ____, branch in ipairs(tree) do
                    local same = under == nil or branch.blockedBy == under
                    if same and waitsBehind(step, file, branch.waiter, waiter) then
                        under = branch.waiter.id
                    end
                end
                tree[#tree + 1] = {waiter = waiter, blockedBy = under}
                __continue18 = true
            until true
            if not __continue18 then
                break
            end
        end
    end
    return tree
end
local function waitersOf(step, tree, id)
    local waiters = {}
    local seen = {}
    addWaiters(
        step,
        tree,
        id,
        1,
        seen,
        waiters
    )
    return #waiters > 0 and waiters or nil
end
local function blockedBy(tree, id)
    for ____, branch in ipairs(tree) do
        if branch.waiter.id == id then
            return branch.blockedBy
        end
    end
    return nil
end
local function listed(step, lock, view, trees, nested)
    local tree = treeOf(step, lock.row.fileKey, trees)
    if #tree == 0 then
        return view
    end
    view.blockedBy = blockedBy(tree, view.id)
    if nested then
        view.waiters = waitersOf(step, tree, view.id)
    end
    return view
end
function ____exports.isAmong(step, row, input)
    if input.exportName ~= nil and row.exportName ~= input.exportName then
        return false
    end
    return input.prefix == nil or step.rows:begins(row.path, input.prefix)
end
local function matches(view, input)
    if input.sessionId ~= nil and view.sessionId ~= input.sessionId then
        return false
    end
    if input.state ~= nil and view.state ~= input.state then
        return false
    end
    if input.kind ~= nil and view.kind ~= input.kind then
        return false
    end
    return input.type == nil or view.type == input.type
end
local rowsLooked = 256
local rowsPage = 64
local function addListed(step, input, lock, trees, locks)
    if lock == nil or not ____exports.isAmong(step, lock.row, input) then
        return
    end
    local view = viewOf(step, lock)
    if not matches(view, input) then
        return
    end
    listed(
        step,
        lock,
        view,
        trees,
        input.tree == true
    )
    if input.tree == true and lock.kind.onlyWaits(lock.row) and view.blockedBy ~= nil then
        return
    end
    locks[#locks + 1] = input.viewer == nil and view or veil(step, input.viewer, view)
end
local function breakingList(step, input)
    local locks = {}
    local trees = {}
    local size = math.max(input.limit, rowsPage)
    local ____input_1 = input
    local within = ____input_1.within
    local looked = 0
    local files = step.rows:page(keys.breaks, within == nil and input.after or input.after - 1, endOfList, size)
    for ____, ____value in ipairs(files) do
        local member = ____value.member
        local score = ____value.score
        local token = within ~= nil and score == input.after and within or 0
        local more = true
        while more do
            local page = step.rows:page(
                keys.grants(member),
                token,
                endOfList,
                size
            )
            for ____, entry in ipairs(page) do
                if #locks == input.limit or looked >= rowsLooked then
                    return {locks = locks, after = score, within = token}
                end
                token = entry.score
                looked = looked + 1
                addListed(
                    step,
                    input,
                    lockOf(
                        step,
                        keys.lease(entry.member)
                    ),
                    trees,
                    locks
                )
            end
            more = #page == size
        end
    end
    local last = files[#files]
    return {locks = locks, after = #files == size and last ~= nil and last.score or nil}
end
function ____exports.lockList(step, input)
    if input.state == "breaking" and input.fileKey == nil and input.sessionId == nil then
        return breakingList(step, input)
    end
    local list = "all"
    if input.fileKey ~= nil then
        local ____keys_fileRows_4 = keys.fileRows
        local ____opt_2 = loadFile(step, input.fileKey)
        list = ____keys_fileRows_4(____opt_2 and ____opt_2.key or input.fileKey)
    elseif input.sessionId ~= nil then
        list = keys.sessionRows(input.sessionId)
    end
    local locks = {}
    local trees = {}
    local size = math.max(input.limit, rowsPage)
    local ____input_5 = input
    local after = ____input_5.after
    local more = true
    do
        local looked = 0
        while more and #locks < input.limit and looked < rowsLooked do
            local page = step.rows:page(list, after, endOfList, size)
            more = #page == size
            for ____, entry in ipairs(page) do
                if #locks == input.limit then
                    more = true
                    break
                end
                after = entry.score
                addListed(
                    step,
                    input,
                    lockOf(step, entry.member),
                    trees,
                    locks
                )
            end
            looked = looked + size
        end
    end
    return {locks = locks, after = more and after or nil}
end
function ____exports.lockGet(step, input)
    local lock = lockById(step, input.id)
    if lock == nil then
        return refuse("no_such_lock")
    end
    return {lock = listed(
        step,
        lock,
        viewOf(step, lock),
        {},
        true
    )}
end
function ____exports.waitGet(step, input)
    local waiter = lockById(step, input.id)
    if waiter == nil then
        return refuse("no_such_wait")
    end
    local kind = waiter.kind
    local row = waiter.row
    local refused = gate(step, row.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    local file = loadFile(step, row.fileKey)
    if file == nil then
        return refuse("no_such_wait")
    end
    settleFile(step, file)
    if row.waitNo == 0 then
        return refuse("no_such_wait")
    end
    local ahead = countAhead(step, file, waiter)
    local behind = aheadOf(step, file, waiter)
    local why = explain(
        step,
        file,
        waiter,
        behind == nil and reasonFor(step, file, waiter) or "queued"
    )
    return {wait = {
        id = input.id,
        kind = kind.name,
        ahead = ahead,
        remainingMs = math.max(0, row.due - step.now),
        why = why.refused
    }}
end
return ____exports
 end,
["libs.locks.src.core.verbs.lease"] = function(...)
local ____exports = {}
local tooLong, enter, refusal, outlast, isUnset, resolvedAgain, decideSet, isToken, refresh
local keys = require("libs.locks.src.core.keys")
local ____lives = require("libs.locks.src.core.lives")
local isOfThisLife = ____lives.isOfThisLife
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local ____admission = require("libs.locks.src.core.rules.admission")
local claim = ____admission.claim
local exportFor = ____admission.exportFor
local gate = ____admission.gate
local holdTooLong = ____admission.holdTooLong
local pidOf = ____admission.pidOf
local roomFor = ____admission.roomFor
local turnedAway = ____admission.turnedAway
local ____break = require("libs.locks.src.core.rules.break")
local breakView = ____break.breakView
local downgrade = ____break.downgrade
local ____conflict = require("libs.locks.src.core.rules.conflict")
local rank = ____conflict.rank
local ____file = require("libs.locks.src.core.rules.file")
local enterFile = ____file.enterFile
local loadFile = ____file.loadFile
local moveLease = ____file.moveLease
local ____grace = require("libs.locks.src.core.rules.grace")
local inGraceOf = ____grace.inGraceOf
local neverHeld = ____grace.neverHeld
local ____grant = require("libs.locks.src.core.rules.grant")
local enterLease = ____grant.enterLease
local newLease = ____grant.newLease
local take = ____grant.take
local whyNotNow = ____grant.whyNotNow
local ____hold = require("libs.locks.src.core.rules.hold")
local undo = ____hold.undo
local ____kind = require("libs.locks.src.core.rules.kinds.kind")
local dropWaiter = ____kind.dropWaiter
local ____lease = require("libs.locks.src.core.rules.kinds.lease")
local forgetFinished = ____lease.forgetFinished
local leaseKind = ____lease.leaseKind
local leaseView = ____lease.leaseView
local letGo = ____lease.letGo
local loseLease = ____lease.loseLease
local stateOf = ____lease.stateOf
local tellRevoked = ____lease.tellRevoked
local ____queue = require("libs.locks.src.core.rules.queue")
local aheadOf = ____queue.aheadOf
local enqueue = ____queue.enqueue
local ____refusal = require("libs.locks.src.core.rules.refusal")
local explain = ____refusal.explain
local mayNotWait = ____refusal.mayNotWait
local ____settle = require("libs.locks.src.core.rules.settle")
local bringUp = ____settle.bringUp
local settleFile = ____settle.settleFile
local ____tenure = require("libs.locks.src.core.rules.tenure")
local outlasted = ____tenure.outlasted
local ____listing = require("libs.locks.src.core.verbs.listing")
local isAmong = ____listing.isAmong
local ____stateid = require("libs.locks.src.core.rules.stateid")
local gateShown = ____stateid.gateShown
local isRepeat = ____stateid.isRepeat
local notPresent = ____stateid.notPresent
local ____takeover = require("libs.locks.src.core.rules.takeover")
local makeWay = ____takeover.makeWay
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local setDue = ____step.setDue
function tooLong(step, item)
    local exp = step.rows:get("export", item.exportName)
    local ____temp_0
    if exp == nil then
        ____temp_0 = nil
    else
        ____temp_0 = holdTooLong(exp, item.maxHoldMs)
    end
    return ____temp_0
end
function enter(step, file, id, lease, ____type, waitMs, listed)
    lease.waitType = ____type
    local waiter = {kind = leaseKind, id = id, row = lease}
    if aheadOf(step, file, waiter) == nil then
        makeWay(step, file, waiter)
    end
    local ____not = whyNotNow(
        step,
        file,
        id,
        lease,
        ____type
    )
    local ____temp_1
    if ____not == nil then
        ____temp_1 = aheadOf(step, file, waiter)
    else
        ____temp_1 = nil
    end
    local ahead = ____temp_1
    if ____not == nil and ahead == nil then
        lease.waitType = nil
        if not listed then
            enterLease(step, id, lease)
        end
        take(
            step,
            file,
            id,
            lease,
            ____type,
            false
        )
        return nil
    end
    local verdict = refusal(
        step,
        file,
        waiter,
        ____not == nil and "queued" or ____not.reason,
        ____not and ____not.leaseId,
        waitMs
    )
    if verdict ~= nil then
        lease.waitType = nil
        return verdict
    end
    if not listed then
        enterLease(step, id, lease)
    end
    enqueue(step, file, waiter, waitMs)
    step.rows:put("lease", id, lease)
    return nil
end
function refusal(step, file, waiter, reason, leaseId, waitMs)
    if reason == "owner_has_lease" then
        return {refused = {reason = reason, leaseId = leaseId}}
    end
    if reason == "no_backend" then
        return explain(step, file, waiter, reason)
    end
    return mayNotWait(
        step,
        file,
        waiter,
        reason,
        waitMs
    )
end
function outlast(step, file, id, lease)
    if outlasted(step, lease) then
        loseLease(
            step,
            file,
            id,
            lease,
            "max_hold"
        )
    end
end
function isUnset(lease)
    return lease.state == "allocated" and lease.waitNo == 0
end
function resolvedAgain(step, id, lease, ref)
    moveLease(step, id, lease, ref.fileKey)
    lease.fileId = ref.fileId
    lease.inode = ref.inode
    lease.exportNo = ref.exportNo
    lease.placeholder = ref.placeholder
    step.rows:put("lease", id, lease)
end
function decideSet(step, file, id, lease, input)
    local ____input_5 = input
    local ____type = ____input_5.type
    local state = stateOf(file.row, lease)
    if state == "revoked" or state == "fencing" then
        return input.shown ~= nil and lease.cause == "expired" and refuse("state_expired") or ({refused = {reason = "lease_revoked", ended = lease.cause or file.row.clearCause}})
    end
    if state == "released" then
        local known = ____type == "none" and (input.shown == nil or isRepeat(input.shown, lease))
        local ____known_6
        if known then
            ____known_6 = nil
        else
            ____known_6 = refuse("lease_released")
        end
        return ____known_6
    end
    if input.ifToken ~= nil and not isToken(step, lease, input.ifToken) then
        return refuse("token_old")
    end
    local ____temp_7
    if state == "breaking" then
        ____temp_7 = file.row.breaking
    else
        ____temp_7 = nil
    end
    local running = ____temp_7
    if input.breakId ~= nil and (running == nil or running.breakId ~= input.breakId) then
        return refuse("break_over")
    end
    if ____type == "none" then
        local ____lease_10 = lease
        local ____opt_8 = input.shown
        ____lease_10.request = ____opt_8 and ____opt_8.requestId
        letGo(
            step,
            file,
            id,
            lease,
            running == nil and "holder" or "acknowledged"
        )
        return nil
    end
    if running ~= nil then
        if rank(____type) > rank(running.target) then
            return {refused = {
                reason = "above_target",
                ["break"] = breakView(step, running, lease.ownerKey)
            }}
        end
        downgrade(
            step,
            file,
            id,
            lease,
            "acknowledged"
        )
        return nil
    end
    if state == "pending" then
        local ____temp_11
        if lease.pendingType == ____type then
            ____temp_11 = nil
        else
            ____temp_11 = refuse("request_pending")
        end
        return ____temp_11
    end
    if lease.waitNo ~= 0 then
        if lease.waitType == ____type then
            return nil
        end
        if state == "allocated" then
            return refuse("request_pending")
        end
        dropWaiter(step, file, {kind = leaseKind, id = id, row = lease}, "cancelled")
    end
    if lease.pendingType == ____type then
        return nil
    end
    if lease.pendingType ~= nil then
        undo(
            step,
            file,
            id,
            lease,
            "cancelled"
        )
    end
    if lease.type == ____type then
        return nil
    end
    if state == "active" and ____type == "read" then
        downgrade(
            step,
            file,
            id,
            lease,
            "holder"
        )
        return nil
    end
    local away = turnedAway(step, lease, lease.sessionId)
    if away ~= nil then
        return away
    end
    local early = claim(step, lease.sessionId, nil, lease.exportName)
    if (early and early.refused.reason) == "grace" then
        return early
    end
    return enter(
        step,
        file,
        id,
        lease,
        ____type,
        input.waitMs or 0,
        true
    )
end
function isToken(step, lease, token)
    return token == lease.token and (token == 0 or isOfThisLife(step, token))
end
function ____exports.settleLease(step, id, lease)
    local file = loadFile(step, lease.fileKey)
    if file == nil then
        return
    end
    bringUp(step, file)
    tellRevoked(step, file, id, lease)
    settleFile(step, file)
end
function refresh(step, id, lease)
    local file = loadFile(step, lease.fileKey)
    if file == nil then
        return
    end
    local over = outlasted(step, lease)
    outlast(step, file, id, lease)
    if over or file.row.breaking ~= nil then
        settleFile(step, file)
    end
end
local function answer(step, id, lease)
    return {
        lease = leaseView(step, id, lease),
        pending = lease.pendingType ~= nil,
        waiting = lease.waitNo ~= 0
    }
end
function ____exports.leaseAlloc(step, input)
    local refused = gate(step, input.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    for ____, item in ipairs(input.items) do
        local away = turnedAway(step, item, input.sessionId) or tooLong(step, item)
        if away ~= nil then
            return away
        end
    end
    local full = roomFor(step, input.sessionId, #input.items)
    if full ~= nil then
        return full
    end
    local pid = pidOf(step, input.sessionId)
    local leases = {}
    for ____, item in ipairs(input.items) do
        local lease = newLease(item, input.sessionId, pid, false)
        lease.exportNo = item.exportNo
        lease.placeholder = item.placeholder
        setDue(
            step,
            keys.lease(item.leaseId),
            lease,
            step.now + step.meta.limits.unusedMs
        )
        enterLease(step, item.leaseId, lease)
        leases[#leases + 1] = leaseView(step, item.leaseId, lease)
    end
    return {leases = leases}
end
function ____exports.leaseSet(step, input)
    local id = input.leaseId
    local ____input_4 = input
    local shown = ____input_4.shown
    local away = gateShown(step, shown, input.digest)
    if away ~= nil then
        return away
    end
    local lease = step.rows:get("lease", id)
    if lease == nil or shown ~= nil and not lease.delegation then
        return refuse("no_such_lease")
    end
    local refused = notPresent(shown, lease) or gate(step, lease.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    local exp = step.rows:get("export", lease.exportName)
    if exp == nil then
        return refuse("no_such_export")
    end
    if input.file ~= nil and isUnset(lease) then
        resolvedAgain(step, id, lease, input.file)
    end
    local file = enterFile(step, lease, exp)
    moveLease(step, id, lease, file.key)
    bringUp(step, file)
    outlast(step, file, id, lease)
    local verdict = decideSet(
        step,
        file,
        id,
        lease,
        input
    )
    settleFile(step, file)
    return verdict or answer(step, id, lease)
end
function ____exports.leaseAcquire(step, input)
    local refused = gate(step, input.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    local ____input_14 = input
    local item = ____input_14.item
    local known = step.rows:get("lease", item.leaseId)
    if known ~= nil then
        if known.sessionId ~= input.sessionId then
            return refuse("no_such_lease")
        end
        local reclaims = input.reclaim == true and inGraceOf(step, known.exportName)
        if known.body ~= input.body and not (reclaims and input.body == nil) then
            return refuse("id_reused_with_other_body")
        end
        local over = known.state == "released" or known.state == "revoked"
        if not reclaims or over or rank(known.type) >= rank(input.type) then
            return answer(step, item.leaseId, known)
        end
    end
    local ____exportFor_result_15 = exportFor(step, known or item, input, known == nil and 1 or 0)
    local exp = ____exportFor_result_15.exp
    local away = ____exportFor_result_15.refused
    if exp == nil then
        return away
    end
    local missing = neverHeld(step, input.reclaim, exp)
    if missing ~= nil then
        return missing
    end
    local longer = holdTooLong(exp, item.maxHoldMs)
    if longer ~= nil then
        return longer
    end
    local file = enterFile(step, known or item, exp)
    bringUp(step, file)
    if known ~= nil and known.waitNo ~= 0 then
        dropWaiter(step, file, {kind = leaseKind, id = item.leaseId, row = known}, "cancelled")
    end
    local left = step.rows:get("lease", item.leaseId)
    local lease = left or newLease(
        item,
        input.sessionId,
        pidOf(step, input.sessionId),
        true
    )
    if left == nil then
        lease.fileKey = file.key
        lease.body = input.body
    end
    local verdict = enter(
        step,
        file,
        item.leaseId,
        lease,
        input.type,
        input.waitMs or 0,
        left ~= nil
    )
    settleFile(step, file)
    return verdict or answer(step, item.leaseId, lease)
end
function ____exports.leaseUndo(step, input)
    local lease = step.rows:get("lease", input.leaseId)
    if lease == nil then
        return {}
    end
    local file = loadFile(step, lease.fileKey)
    if file ~= nil then
        if lease.waitNo ~= 0 then
            dropWaiter(step, file, {kind = leaseKind, id = input.leaseId, row = lease}, input.reason)
        elseif lease.pendingType ~= nil then
            undo(
                step,
                file,
                input.leaseId,
                lease,
                input.reason
            )
        end
        settleFile(step, file)
    end
    local left = step.rows:get("lease", input.leaseId)
    return left == nil and ({}) or ({lease = leaseView(step, input.leaseId, left)})
end
function ____exports.leaseFree(step, input)
    local lease = step.rows:get("lease", input.leaseId)
    if lease == nil then
        return refuse("no_such_lease")
    end
    local refused = gate(step, lease.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    ____exports.settleLease(step, input.leaseId, lease)
    if lease.state ~= "revoked" and lease.state ~= "released" then
        return refuse("lease_held")
    end
    forgetFinished(step, input.leaseId, lease)
    return {freed = true}
end
function ____exports.leaseGet(step, input)
    local lease = step.rows:get("lease", input.leaseId)
    if lease == nil then
        return refuse("no_such_lease")
    end
    local refused = gate(step, lease.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    if input.body ~= nil and lease.body ~= input.body then
        return refuse("id_reused_with_other_body")
    end
    refresh(step, input.leaseId, lease)
    return {lease = leaseView(step, input.leaseId, lease)}
end
function ____exports.leaseList(step, input)
    local refused = gate(step, input.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    local leases = {}
    local page = step.rows:page(
        keys.sessionRows(input.sessionId),
        input.after,
        endOfList,
        input.limit
    )
    local rangesOn = {}
    local last
    local after
    for ____, entry in ipairs(page) do
        after = entry.score
        local kind = keys.rowMember(step.rows, entry.member)
        if kind == "range" and input.ranges == true then
            local range = step.rows:get(
                "range",
                keys.idOf(step.rows, entry.member)
            )
            if range ~= nil and range.exportName ~= last then
                last = range.exportName
                rangesOn[#rangesOn + 1] = last
            end
        end
        if kind == "lease" then
            local id = keys.idOf(step.rows, entry.member)
            local lease = step.rows:get("lease", id)
            if lease ~= nil and isAmong(step, lease, input) then
                leases[#leases + 1] = leaseView(step, id, lease)
            end
        end
    end
    local ____temp_16
    if #page < input.limit then
        ____temp_16 = nil
    else
        ____temp_16 = after
    end
    local more = ____temp_16
    return {leases = leases, rangesOn = input.ranges == true and rangesOn or nil, after = more}
end
function ____exports.fenceGet(step, input)
    local ____opt_17 = loadFile(step, input.fileKey)
    local file = ____opt_17 and ____opt_17.row
    local ____step_meta_19 = step.meta
    local token = ____step_meta_19.token
    local lostUpTo = ____step_meta_19.lostUpTo
    if lostUpTo == nil then
        lostUpTo = 0
    end
    return {highestToken = (file == nil or file.maxToken == 0) and token or math.max(file.maxToken, lostUpTo)}
end
function ____exports.fenceCheck(step, input)
    local file = loadFile(step, input.fileKey)
    if file == nil then
        return refuse("token_old")
    end
    settleFile(step, file)
    for ____, entry in ipairs(step.rows:page(
        keys.grants(file.key),
        input.token - 1,
        input.token,
        1
    )) do
        do
            local __continue90
            repeat
                local lease = step.rows:get("lease", entry.member)
                if lease == nil or not isToken(step, lease, input.token) or outlasted(step, lease) then
                    __continue90 = true
                    break
                end
                local state = stateOf(file.row, lease)
                if state ~= "active" and state ~= "breaking" then
                    return refuse("lease_revoked")
                end
                if input.access == "write" and lease.type ~= "write" then
                    return refuse("token_old")
                end
                return {leaseId = entry.member, type = lease.type, state = state}
            until true
            if not __continue90 then
                break
            end
        end
    end
    return refuse("token_old")
end
return ____exports
 end,
["libs.locks.src.core.verbs.names"] = function(...)
local ____exports = {}
local tell
local keys = require("libs.locks.src.core.keys")
local ____file = require("libs.locks.src.core.rules.file")
local loadFile = ____file.loadFile
local standsAlone = ____file.standsAlone
local ____kind = require("libs.locks.src.core.rules.kinds.kind")
local dropWaiter = ____kind.dropWaiter
local ____table = require("libs.locks.src.core.rules.kinds.table")
local lockOf = ____table.lockOf
local ____settle = require("libs.locks.src.core.rules.settle")
local settleFile = ____settle.settleFile
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local record = ____step.record
function tell(step, file, row, named)
    local ____row_3 = row
    local sessionId = ____row_3.sessionId
    local owner = ____row_3.owner
    local path = ____row_3.path
    local ____named_4 = named
    local openId = ____named_4.openId
    local rangeId = ____named_4.rangeId
    record(step, {
        kind = "detached",
        sessionId = sessionId,
        owner = owner,
        path = path,
        openId = openId,
        rangeId = rangeId,
        exportName = file.exp.name
    })
end
local scannedPerStep = 128
local toldPerStep = 64
function ____exports.nameList(step, input)
    local files = {}
    local page = step.rows:page(
        keys.exportFiles(input.exportName),
        input.after,
        endOfList,
        scannedPerStep
    )
    local after = 0
    for ____, entry in ipairs(page) do
        do
            local __continue3
            repeat
                after = entry.score
                local file = loadFile(step, entry.member)
                if file == nil or standsAlone(file) then
                    __continue3 = true
                    break
                end
                local ____file_row_0 = file.row
                local fileId = ____file_row_0.fileId
                local path = ____file_row_0.path
                local opens = ____file_row_0.opens
                local ranges = ____file_row_0.ranges
                local waiting = ____file_row_0.waiting
                if opens + ranges + waiting > 0 then
                    files[#files + 1] = {fileKey = file.key, fileId = fileId, path = path}
                end
                __continue3 = true
            until true
            if not __continue3 then
                break
            end
        end
    end
    return {files = files, after = #page < scannedPerStep and 0 or after}
end
function ____exports.fileMoved(step, input)
    local file = loadFile(step, input.fileKey)
    if file == nil or file.exp.incarnation ~= input.incarnation or file.row.fileId ~= input.fileId then
        return {told = 0}
    end
    local page = step.rows:page(
        keys.fileRows(file.key),
        file.row.toldTo or 0,
        endOfList,
        toldPerStep
    )
    local told = 0
    for ____, entry in ipairs(page) do
        do
            local __continue9
            repeat
                file.row.toldTo = entry.score
                local lock = lockOf(step, entry.member)
                local named = lock and lock.kind.detached(lock.id)
                if lock == nil or named == nil or lock.row.path ~= input.path then
                    __continue9 = true
                    break
                end
                if lock.kind.onlyWaits(lock.row) then
                    dropWaiter(step, file, lock, "file_changed")
                else
                    tell(step, file, lock.row, named)
                end
                told = told + 1
                __continue9 = true
            until true
            if not __continue9 then
                break
            end
        end
    end
    if #page > 0 then
        settleFile(step, file)
    end
    return {told = told}
end
return ____exports
 end,
["libs.locks.src.core.verbs.open"] = function(...)
local ____exports = {}
local openView, answer, reclaims, knownOpen, openOfOwner, again, reclaimed, wantAgain, partsOf, partsWith, partsWithin, both, bothDenied, enter, lowered, change, noOpen
local keys = require("libs.locks.src.core.keys")
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local ____admission = require("libs.locks.src.core.rules.admission")
local claim = ____admission.claim
local exportFor = ____admission.exportFor
local gate = ____admission.gate
local notMissing = ____admission.notMissing
local pidOf = ____admission.pidOf
local ____ended = require("libs.locks.src.core.rules.ended")
local refusalOfEnded = ____ended.refusalOfEnded
local rememberEnd = ____ended.rememberEnd
local ____grace = require("libs.locks.src.core.rules.grace")
local inGraceOf = ____grace.inGraceOf
local neverHeld = ____grace.neverHeld
local ____file = require("libs.locks.src.core.rules.file")
local enterFile = ____file.enterFile
local enterLists = ____file.enterLists
local leaveLists = ____file.leaveLists
local loadFile = ____file.loadFile
local saveShare = ____file.saveShare
local shareOf = ____file.shareOf
local ____kind = require("libs.locks.src.core.rules.kinds.kind")
local dropWaiter = ____kind.dropWaiter
local waitNoOf = ____kind.waitNoOf
local ____lease = require("libs.locks.src.core.rules.kinds.lease")
local leaseView = ____lease.leaseView
local ____open = require("libs.locks.src.core.rules.kinds.open")
local endOpen = ____open.endOpen
local openKind = ____open.openKind
local ____offer = require("libs.locks.src.core.rules.offer")
local offerWith = ____offer.offerWith
local ____queue = require("libs.locks.src.core.rules.queue")
local aheadOf = ____queue.aheadOf
local enqueue = ____queue.enqueue
local ____refusal = require("libs.locks.src.core.rules.refusal")
local mayNotWait = ____refusal.mayNotWait
local reasonFor = ____refusal.reasonFor
local ____settle = require("libs.locks.src.core.rules.settle")
local bringUp = ____settle.bringUp
local settleFile = ____settle.settleFile
local ____stateid = require("libs.locks.src.core.rules.stateid")
local closeLocks = ____stateid.closeLocks
local gateShown = ____stateid.gateShown
local hasEnded = ____stateid.hasEnded
local isRepeat = ____stateid.isRepeat
local notPresent = ____stateid.notPresent
local rememberRequest = ____stateid.rememberRequest
local unknownStateid = ____stateid.unknownStateid
local ____takeover = require("libs.locks.src.core.rules.takeover")
local makeWay = ____takeover.makeWay
local ____way = require("libs.locks.src.core.rules.way")
local clearWay = ____way.clearWay
function openView(step, id, open)
    local view = {
        openId = id,
        sessionId = open.sessionId,
        owner = open.owner,
        exportName = open.exportName,
        path = open.path,
        fileId = open.fileId,
        fileKey = open.fileKey,
        access = open.access,
        deny = open.deny,
        seqid = open.seqid,
        state = open.state,
        toAccess = open.toAccess,
        toDeny = open.toDeny,
        waitNo = waitNoOf(open)
    }
    if open.want == nil or open.want == "none" or open.state == "waiting" then
        return view
    end
    local ____temp_0
    if open.delegationId == nil then
        ____temp_0 = nil
    else
        ____temp_0 = step.rows:get("lease", open.delegationId)
    end
    local lease = ____temp_0
    if lease ~= nil and open.delegationId ~= nil then
        view.delegation = {
            lease = leaseView(step, open.delegationId, lease),
            pending = lease.pendingType ~= nil
        }
    else
        view.delegation = {pending = false, whyNot = open.whyNot or "CONTENTION", willSignal = open.willSignal == true, willPush = open.willPush == true}
    end
    return view
end
function answer(step, id, open)
    return {
        open = openView(step, id, open),
        waiting = open.waitNo ~= 0
    }
end
function reclaims(step, ____bindingPattern0)
    local file
    local reopen
    local body
    local reclaim
    reclaim = ____bindingPattern0.reclaim
    body = ____bindingPattern0.body
    reopen = ____bindingPattern0.reopen
    file = ____bindingPattern0.file
    return reclaim == true and body == nil and reopen ~= true and inGraceOf(step, file.exportName)
end
function knownOpen(step, input, id)
    local open = step.rows:get("open", id)
    if open == nil or open.state ~= "waiting" or open.sessionId ~= input.sessionId then
        return open
    end
    local ____reclaims_result_4
    if reclaims(step, input) then
        ____reclaims_result_4 = loadFile(step, open.fileKey)
    else
        ____reclaims_result_4 = nil
    end
    local file = ____reclaims_result_4
    if file == nil or notMissing(step, input.sessionId, file) ~= nil then
        return open
    end
    dropWaiter(step, file, {kind = openKind, id = id, row = open}, "cancelled")
    settleFile(step, file)
    return nil
end
function openOfOwner(step, ____bindingPattern0)
    local ownerKey
    local ref
    ref = ____bindingPattern0.file
    ownerKey = ____bindingPattern0.ownerKey
    local file = loadFile(step, ref.fileKey)
    local ____temp_5
    if file == nil then
        ____temp_5 = nil
    else
        ____temp_5 = shareOf(step, file.key, ownerKey).openId
    end
    return ____temp_5
end
function again(step, input, openId, open)
    local ____input_6 = input
    local sessionId = ____input_6.sessionId
    if open.sessionId ~= sessionId then
        return refuse("not_holder")
    end
    if reclaims(step, input) then
        return reclaimed(step, input, openId, open)
    end
    if input.reopen ~= true then
        return open.body == input.body and answer(step, openId, open) or refuse("id_reused_with_other_body")
    end
    local file = loadFile(step, open.fileKey)
    if file == nil or open.state == "waiting" then
        return answer(step, openId, open)
    end
    if input.requestId ~= nil and open.request == input.requestId then
        return answer(step, openId, open)
    end
    local unclaimed = claim(step, sessionId, input.reclaim, open.exportName)
    if unclaimed ~= nil then
        return unclaimed
    end
    local to = {
        access = both(open.access, input.access),
        deny = bothDenied(open.deny, input.deny)
    }
    local has = to.access == open.access and to.deny == open.deny
    local ____has_7
    if has then
        ____has_7 = nil
    else
        ____has_7 = neverHeld(step, input.reclaim, file.exp)
    end
    local never = ____has_7
    if never ~= nil then
        return never
    end
    wantAgain(open, input)
    local ____open_8 = open
    local seqid = ____open_8.seqid
    local verdict = change(
        step,
        file,
        openId,
        open,
        to,
        partsWith(open, input),
        input.waitMs
    )
    if verdict == nil and open.waitNo == 0 then
        if open.seqid == seqid then
            open.seqid = open.seqid + 1
        end
        open.request = input.requestId
        step.rows:put("open", openId, open)
        offerWith(step, file, openId, open)
    end
    settleFile(step, file)
    return verdict or answer(step, openId, open)
end
function reclaimed(step, input, openId, open)
    local ____input_9 = input
    local access = ____input_9.access
    local deny = ____input_9.deny
    local file = loadFile(step, open.fileKey)
    if file == nil or open.access == access and open.deny == deny and open.waitNo == 0 then
        return answer(step, openId, open)
    end
    local refused = notMissing(step, open.sessionId, file)
    if refused ~= nil then
        return refused
    end
    local verdict = change(
        step,
        file,
        openId,
        open,
        {access = access, deny = deny},
        nil,
        0
    )
    settleFile(step, file)
    return verdict or answer(step, openId, open)
end
function wantAgain(open, input)
    if input.want == nil then
        return
    end
    open.want = input.want
    open.signal = input.signal
    open.push = input.push
    open.times = input.times
    open.reclaim = input.reclaim
    open.offerId = input.delegationId
    open.delegationId = nil
end
function partsOf(open)
    return open.parts or ({{access = open.access, deny = open.deny}})
end
function partsWith(open, ____bindingPattern0)
    local deny
    local access
    access = ____bindingPattern0.access
    deny = ____bindingPattern0.deny
    local parts = {}
    for ____, part in ipairs(partsOf(open)) do
        if part.access ~= access or part.deny ~= deny then
            parts[#parts + 1] = part
        end
    end
    if #parts == 0 then
        return nil
    end
    parts[#parts + 1] = {access = access, deny = deny}
    return parts
end
function partsWithin(open, to)
    local parts = {}
    local union
    for ____, part in ipairs(partsOf(open)) do
        do
            local __continue43
            repeat
                local within = both(part.access, to.access) == to.access and bothDenied(part.deny, to.deny) == to.deny
                if not within then
                    __continue43 = true
                    break
                end
                parts[#parts + 1] = part
                union = union == nil and part or ({
                    access = both(union.access, part.access),
                    deny = bothDenied(union.deny, part.deny)
                })
                __continue43 = true
            until true
            if not __continue43 then
                break
            end
        end
    end
    return (union and union.access) == to.access and union.deny == to.deny and parts or nil
end
function both(a, b)
    return a == b and a or "both"
end
function bothDenied(a, b)
    if a == "none" then
        return b
    end
    return (b == "none" or a == b) and a or "both"
end
function enter(step, file, waiter, waitMs, fresh)
    local ____waiter_12 = waiter
    local id = ____waiter_12.id
    local row = ____waiter_12.row
    local ahead = aheadOf(step, file, waiter)
    if ahead == nil then
        makeWay(step, file, waiter)
        if fresh and step.short and clearWay(step, file, waiter, "open") then
            return refuse("table_full")
        end
        if fresh then
            row.no = enterLists(
                step,
                keys.open(id),
                row.sessionId,
                file.key
            )
        end
        if openKind.admit(step, file, waiter, false) then
            return nil
        end
        if fresh then
            leaveLists(
                step,
                keys.open(id),
                row
            )
        end
    end
    local verdict = mayNotWait(
        step,
        file,
        waiter,
        reasonFor(step, file, waiter),
        waitMs
    )
    if verdict ~= nil then
        return verdict
    end
    if fresh then
        row.no = enterLists(
            step,
            keys.open(id),
            row.sessionId,
            file.key
        )
    end
    enqueue(step, file, waiter, waitMs)
    return nil
end
function lowered(step, file, ____bindingPattern0, open)
    local deny
    local access
    local shown
    local openId
    openId = ____bindingPattern0.openId
    shown = ____bindingPattern0.shown
    access = ____bindingPattern0.access
    deny = ____bindingPattern0.deny
    if isRepeat(shown, open) and open.sessionId == (shown and shown.sessionId) then
        return answer(step, openId, open)
    end
    local old = notPresent(shown, open)
    if old ~= nil then
        return old
    end
    local parts = partsWithin(open, {access = access, deny = deny})
    if parts == nil then
        return refuse("not_a_union")
    end
    local ____open_18 = open
    local seqid = ____open_18.seqid
    local verdict = change(
        step,
        file,
        openId,
        open,
        {access = access, deny = deny},
        nil,
        0
    )
    if verdict == nil then
        open.parts = #parts > 1 and parts or nil
        if open.seqid == seqid then
            open.seqid = open.seqid + 1
        end
        open.request = shown and shown.requestId
        step.rows:put("open", openId, open)
    end
    settleFile(step, file)
    return verdict or answer(step, openId, open)
end
function change(step, file, id, open, ____bindingPattern0, parts, waitMs)
    local deny
    local access
    access = ____bindingPattern0.access
    deny = ____bindingPattern0.deny
    local waiter = {kind = openKind, id = id, row = open}
    bringUp(step, file)
    if open.toAccess == access and open.toDeny == deny then
        step.rows:put("open", id, open)
        return nil
    end
    if open.waitNo ~= 0 then
        dropWaiter(step, file, waiter, "cancelled")
    end
    local verdict
    if open.access ~= access or open.deny ~= deny then
        open.toAccess = access
        open.toDeny = deny
        open.toParts = parts
        verdict = enter(
            step,
            file,
            waiter,
            waitMs,
            false
        )
        if verdict ~= nil then
            open.toAccess = nil
            open.toDeny = nil
            open.toParts = nil
        end
    else
        open.parts = parts
    end
    step.rows:put("open", id, open)
    return verdict
end
function noOpen(step, id, shown)
    local ____unknownStateid_result_21 = unknownStateid(step, id, shown)
    local refused = ____unknownStateid_result_21.refused
    return refused.reason == "state_expired" and ({refused = refused}) or refuse("no_such_open")
end
function ____exports.openCreate(step, input)
    local refused = gate(step, input.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    local ref = input.file
    local ____temp_1
    if input.reopen == true then
        ____temp_1 = openOfOwner(step, input)
    else
        ____temp_1 = nil
    end
    local id = ____temp_1 or input.openId
    local known = knownOpen(step, input, id)
    if known ~= nil then
        return again(step, input, id, known)
    end
    local ____temp_2
    if input.reopen == true then
        ____temp_2 = nil
    else
        ____temp_2 = refusalOfEnded(step, input.openId, input.body)
    end
    local over = ____temp_2
    if over ~= nil then
        return over
    end
    local ____exportFor_result_3 = exportFor(step, ref, input, 1)
    local exp = ____exportFor_result_3.exp
    local away = ____exportFor_result_3.refused
    if exp == nil then
        return away
    end
    local never = neverHeld(step, input.reclaim, exp)
    if never ~= nil then
        return never
    end
    local file = enterFile(step, ref, exp)
    bringUp(step, file)
    local open = {
        no = 0,
        sessionId = input.sessionId,
        owner = input.owner,
        ownerKey = input.ownerKey,
        clientKey = input.clientKey,
        fileKey = file.key,
        exportName = ref.exportName,
        path = ref.path,
        fileId = ref.fileId,
        inode = ref.inode,
        pid = pidOf(step, input.sessionId),
        access = input.access,
        deny = input.deny,
        seqid = 0,
        state = "waiting",
        waitNo = 0,
        due = 0,
        body = input.body,
        want = input.want,
        signal = input.signal,
        push = input.push,
        times = input.times,
        reclaim = input.reclaim,
        offerId = input.delegationId,
        request = input.requestId
    }
    local waiter = {kind = openKind, id = input.openId, row = open}
    local verdict = enter(
        step,
        file,
        waiter,
        input.waitMs,
        true
    )
    if verdict == nil then
        step.rows:put("open", input.openId, open)
        if input.reopen == true then
            local share = shareOf(step, file.key, input.ownerKey)
            share.openId = input.openId
            saveShare(step, file.key, input.ownerKey, share)
        end
    end
    settleFile(step, file)
    if verdict ~= nil then
        return verdict
    end
    return answer(step, input.openId, open)
end
function ____exports.openSet(step, input)
    local away = gateShown(step, input.shown, input.digest)
    if away ~= nil then
        return away
    end
    local open = step.rows:get("open", input.openId)
    local ____temp_13
    if open == nil then
        ____temp_13 = nil
    else
        ____temp_13 = loadFile(step, open.fileKey)
    end
    local file = ____temp_13
    if open == nil or file == nil then
        return noOpen(step, input.openId, input.shown)
    end
    if input.shown ~= nil then
        return lowered(step, file, input, open)
    end
    local refused = gate(step, open.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    if open.state == "waiting" then
        return refuse("request_pending")
    end
    local ____input_14 = input
    local access = ____input_14.access
    local deny = ____input_14.deny
    local more = both(open.access, access) ~= open.access or bothDenied(open.deny, deny) ~= open.deny
    if input.lower and more then
        return refuse("above_present")
    end
    local ____more_15
    if more then
        ____more_15 = claim(step, open.sessionId, nil, open.exportName)
    else
        ____more_15 = nil
    end
    local unclaimed = ____more_15
    if unclaimed ~= nil then
        return unclaimed
    end
    local verdict = change(
        step,
        file,
        input.openId,
        open,
        {access = access, deny = deny},
        nil,
        input.waitMs
    )
    settleFile(step, file)
    return verdict or answer(step, input.openId, open)
end
function ____exports.openGet(step, input)
    local open = step.rows:get("open", input.openId)
    if open == nil then
        return refuse("no_such_open")
    end
    local refused = gate(step, open.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    if input.body ~= nil and open.body ~= input.body then
        return refuse("id_reused_with_other_body")
    end
    return {open = openView(step, input.openId, open)}
end
function ____exports.openClose(step, input)
    local ____input_22 = input
    local shown = ____input_22.shown
    local away = gateShown(step, shown, input.digest)
    if away ~= nil then
        return away
    end
    local open = step.rows:get("open", input.openId)
    if open == nil then
        return hasEnded(step, input.openId, shown) and ({closed = true}) or noOpen(step, input.openId, shown)
    end
    local refused = notPresent(shown, open) or gate(step, open.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    if input.ifWaiting == true and open.state == "open" then
        return {closed = false}
    end
    local locked = closeLocks(step, input.openId)
    if locked ~= nil then
        return locked
    end
    local gaveUp = open.state == "waiting" and input.ifWaiting ~= true
    local file = loadFile(step, open.fileKey)
    endOpen(
        step,
        file,
        input.openId,
        open,
        "holder"
    )
    if file ~= nil then
        settleFile(step, file)
    end
    if gaveUp then
        rememberEnd(step, input.openId, open, "cancelled")
    end
    rememberRequest(
        step,
        input.openId,
        open,
        shown,
        "holder"
    )
    return {closed = true}
end
return ____exports
 end,
["libs.locks.src.core.verbs.permit"] = function(...)
local ____exports = {}
local permitView, knownPermit, reclaims, newRow, enter, again, renew
local keys = require("libs.locks.src.core.keys")
local ____lives = require("libs.locks.src.core.lives")
local isOfThisLife = ____lives.isOfThisLife
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local ____admission = require("libs.locks.src.core.rules.admission")
local exportFor = ____admission.exportFor
local gate = ____admission.gate
local holdTooLong = ____admission.holdTooLong
local notMissing = ____admission.notMissing
local pidOf = ____admission.pidOf
local ____file = require("libs.locks.src.core.rules.file")
local enterFile = ____file.enterFile
local enterLists = ____file.enterLists
local loadFile = ____file.loadFile
local ____grace = require("libs.locks.src.core.rules.grace")
local inGraceOf = ____grace.inGraceOf
local ____kind = require("libs.locks.src.core.rules.kinds.kind")
local waitNoOf = ____kind.waitNoOf
local ____permit = require("libs.locks.src.core.rules.kinds.permit")
local admitPermit = ____permit.admitPermit
local endPermit = ____permit.endPermit
local permitKind = ____permit.permitKind
local semaphoreOf = ____permit.semaphoreOf
local stateOfPermit = ____permit.stateOfPermit
local ____queue = require("libs.locks.src.core.rules.queue")
local enqueue = ____queue.enqueue
local ____refusal = require("libs.locks.src.core.rules.refusal")
local mayNotWait = ____refusal.mayNotWait
local reasonFor = ____refusal.reasonFor
local ____settle = require("libs.locks.src.core.rules.settle")
local settleFile = ____settle.settleFile
local ____tenure = require("libs.locks.src.core.rules.tenure")
local outlasted = ____tenure.outlasted
local showTenure = ____tenure.showTenure
local ____step = require("libs.locks.src.core.step")
local mintToken = ____step.mintToken
local setDue = ____step.setDue
function permitView(step, id, row)
    local ____row_0 = row
    local sessionId = ____row_0.sessionId
    local owner = ____row_0.owner
    local exportName = ____row_0.exportName
    local path = ____row_0.path
    local fileKey = ____row_0.fileKey
    local token = ____row_0.token
    local ____id_2 = id
    local ____sessionId_3 = sessionId
    local ____owner_4 = owner
    local ____exportName_5 = exportName
    local ____path_6 = path
    local ____fileKey_7 = fileKey
    local ____stateOfPermit_result_8 = stateOfPermit(row)
    local ____waitNoOf_result_9 = waitNoOf(row)
    local ____temp_1
    if token == 0 then
        ____temp_1 = nil
    else
        ____temp_1 = token
    end
    local view = {
        permitId = ____id_2,
        sessionId = ____sessionId_3,
        owner = ____owner_4,
        exportName = ____exportName_5,
        path = ____path_6,
        fileKey = ____fileKey_7,
        state = ____stateOfPermit_result_8,
        waitNo = ____waitNoOf_result_9,
        token = ____temp_1
    }
    return showTenure(step, view, row)
end
function knownPermit(step, input)
    local ____input_12 = input
    local id = ____input_12.permitId
    local sessionId = ____input_12.sessionId
    local row = step.rows:get("permit", id)
    if row == nil or row.token ~= 0 or row.sessionId ~= sessionId then
        return row
    end
    local ____reclaims_result_13
    if reclaims(step, input) then
        ____reclaims_result_13 = loadFile(step, row.fileKey)
    else
        ____reclaims_result_13 = nil
    end
    local file = ____reclaims_result_13
    if file == nil or notMissing(step, sessionId, file) ~= nil then
        return row
    end
    endPermit(
        step,
        file,
        id,
        row,
        "holder"
    )
    settleFile(step, file)
    return nil
end
function reclaims(step, ____bindingPattern0)
    local file
    local body
    local reclaim
    reclaim = ____bindingPattern0.reclaim
    body = ____bindingPattern0.body
    file = ____bindingPattern0.file
    return reclaim == true and body == nil and inGraceOf(step, file.exportName)
end
function newRow(step, file, input)
    local ____input_file_14 = input.file
    local exportName = ____input_file_14.exportName
    local path = ____input_file_14.path
    local fileId = ____input_file_14.fileId
    local inode = ____input_file_14.inode
    return {
        no = 0,
        sessionId = input.sessionId,
        owner = input.owner,
        ownerKey = input.ownerKey,
        clientKey = input.clientKey,
        fileKey = file.key,
        exportName = exportName,
        path = path,
        fileId = fileId,
        inode = inode,
        pid = pidOf(step, input.sessionId),
        waitNo = 0,
        due = 0,
        token = 0,
        body = input.body,
        maxHoldMs = input.maxHoldMs
    }
end
function enter(step, file, waiter, waitMs)
    local ____waiter_15 = waiter
    local id = ____waiter_15.id
    local row = ____waiter_15.row
    local reason = reasonFor(step, file, waiter)
    local free = reason == "queued"
    local ____free_16
    if free then
        ____free_16 = nil
    else
        ____free_16 = mayNotWait(
            step,
            file,
            waiter,
            reason,
            waitMs
        )
    end
    local refused = ____free_16
    if refused ~= nil then
        return refused
    end
    row.no = enterLists(
        step,
        keys.permit(id),
        row.sessionId,
        file.key
    )
    if free then
        admitPermit(step, file, waiter, false)
        return nil
    end
    enqueue(step, file, waiter, waitMs)
    step.rows:put("permit", id, row)
    return nil
end
function again(step, input, row)
    if row.sessionId ~= input.sessionId then
        return refuse("not_holder")
    end
    local ____reclaims_result_17
    if reclaims(step, input) then
        ____reclaims_result_17 = loadFile(step, row.fileKey)
    else
        ____reclaims_result_17 = nil
    end
    local file = ____reclaims_result_17
    if row.body ~= input.body and file == nil then
        return refuse("id_reused_with_other_body")
    end
    local ____temp_18
    if file == nil or row.token ~= 0 then
        ____temp_18 = nil
    else
        ____temp_18 = notMissing(step, input.sessionId, file)
    end
    local ____not = ____temp_18
    if ____not ~= nil then
        return ____not
    end
    renew(step, input.permitId, row)
    local ____until = step.now + input.waitMs
    if row.waitNo ~= 0 and ____until > row.due then
        setDue(
            step,
            keys.permit(input.permitId),
            row,
            ____until
        )
        step.rows:put("permit", input.permitId, row)
    end
    return {
        permit = permitView(step, input.permitId, row),
        waiting = row.waitNo ~= 0
    }
end
function renew(step, id, row)
    if row.token == 0 or isOfThisLife(step, row.token) then
        return
    end
    local list = keys.grants(row.fileKey)
    step.rows:unlink(list, id, row.token)
    row.token = mintToken(step)
    step.rows:link(list, id, row.token)
    step.rows:put("permit", id, row)
    local file = step.rows:get("file", row.fileKey)
    if file == nil then
        return
    end
    file.maxToken = row.token
    step.rows:put("file", row.fileKey, file)
end
function ____exports.permitTake(step, input)
    local refused = gate(step, input.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    local id = input.permitId
    local known = knownPermit(step, input)
    if known ~= nil then
        return again(step, input, known)
    end
    local ended = step.rows:get("ended", id)
    if ended ~= nil then
        if ended.body ~= input.body then
            return refuse("id_reused_with_other_body")
        end
        return {refused = {reason = "lock_over", ended = ended.how}}
    end
    local ____exportFor_result_10 = exportFor(step, input.file, input, 1)
    local exp = ____exportFor_result_10.exp
    local away = ____exportFor_result_10.refused
    if exp == nil then
        return away
    end
    local tooLong = holdTooLong(exp, input.maxHoldMs)
    if tooLong ~= nil then
        return tooLong
    end
    local file = enterFile(step, input.file, exp)
    local ____semaphoreOf_result_11 = semaphoreOf(file)
    local limit = ____semaphoreOf_result_11.limit
    if limit ~= input.file.semaphore then
        return {refused = {reason = "limit_differs", limit = limit}}
    end
    local row = newRow(step, file, input)
    local ____not = enter(step, file, {kind = permitKind, id = id, row = row}, input.waitMs)
    settleFile(step, file)
    return ____not or ({
        permit = permitView(step, id, row),
        waiting = row.waitNo ~= 0
    })
end
function ____exports.permitGet(step, input)
    local id = input.permitId
    local row = step.rows:get("permit", id)
    if row == nil then
        return refuse("no_such_lock")
    end
    local refused = gate(step, row.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    renew(step, id, row)
    return {permit = permitView(step, id, row)}
end
function ____exports.permitCheck(step, input)
    local ____input_19 = input
    local fileKey = ____input_19.fileKey
    local token = ____input_19.token
    if not isOfThisLife(step, token) then
        return refuse("token_old")
    end
    for ____, ____value in ipairs(step.rows:page(
        keys.grants(fileKey),
        token - 1,
        token,
        1
    )) do
        local member = ____value.member
        local row = step.rows:get("permit", member)
        if row ~= nil and not outlasted(step, row) and gate(step, row.sessionId, nil) == nil then
            return {permitId = member}
        end
    end
    return refuse("token_old")
end
function ____exports.permitDrop(step, input)
    local row = step.rows:get("permit", input.permitId)
    if row == nil then
        return refuse("no_such_lock")
    end
    local refused = gate(step, row.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    if input.ifWaiting == true and row.token ~= 0 then
        return {dropped = false}
    end
    local file = loadFile(step, row.fileKey)
    endPermit(
        step,
        file,
        input.permitId,
        row,
        "holder"
    )
    if file ~= nil then
        settleFile(step, file)
    end
    return {dropped = true}
end
return ____exports
 end,
["libs.locks.src.core.verbs.range"] = function(...)
local ____exports = {}
local rangeView, takerOf, refuseOwn, again, waitsFor, refShown, covers, holds, same, enter, unlock, waitsOfOne
local keys = require("libs.locks.src.core.keys")
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local ____admission = require("libs.locks.src.core.rules.admission")
local exportFor = ____admission.exportFor
local gate = ____admission.gate
local pidOf = ____admission.pidOf
local roomFor = ____admission.roomFor
local ____file = require("libs.locks.src.core.rules.file")
local enterFile = ____file.enterFile
local loadFile = ____file.loadFile
local refIn = ____file.refIn
local ____grace = require("libs.locks.src.core.rules.grace")
local neverHeld = ____grace.neverHeld
local ____kind = require("libs.locks.src.core.rules.kinds.kind")
local waitNoOf = ____kind.waitNoOf
local ____range = require("libs.locks.src.core.rules.kinds.range")
local isBacked = ____range.isBacked
local rangeBlocker = ____range.rangeBlocker
local rangeKind = ____range.rangeKind
local ____queue = require("libs.locks.src.core.rules.queue")
local aheadOf = ____queue.aheadOf
local enqueue = ____queue.enqueue
local ____range_2Dasks = require("libs.locks.src.core.rules.range-asks")
local answerMs = ____range_2Dasks.answerMs
local ____range_2Dbacking = require("libs.locks.src.core.rules.range-backing")
local backsRanges = ____range_2Dbacking.backsRanges
local cannotAsk = ____range_2Dbacking.cannotAsk
local cannotBack = ____range_2Dbacking.cannotBack
local mustAsk = ____range_2Dbacking.mustAsk
local rangesMaxOf = ____range_2Dbacking.rangesMaxOf
local ____range_2Dtree = require("libs.locks.src.core.rules.range-tree")
local compare = ____range_2Dtree.compare
local giveUpRange = ____range_2Dtree.giveUpRange
local newRow = ____range_2Dtree.newRow
local ownInTheWay = ____range_2Dtree.ownInTheWay
local ownRanges = ____range_2Dtree.ownRanges
local rangesInTheWay = ____range_2Dtree.rangesInTheWay
local rowsPerRange = ____range_2Dtree.rowsPerRange
local splits = ____range_2Dtree.splits
local takeRange = ____range_2Dtree.takeRange
local wholeFile = ____range_2Dtree.wholeFile
local ____refusal = require("libs.locks.src.core.rules.refusal")
local mayNotWait = ____refusal.mayNotWait
local reasonFor = ____refusal.reasonFor
local shown = ____refusal.shown
local ____settle = require("libs.locks.src.core.rules.settle")
local settleFile = ____settle.settleFile
local ____stateid = require("libs.locks.src.core.rules.stateid")
local fileShown = ____stateid.fileShown
local isRepeat = ____stateid.isRepeat
local lockRefusal = ____stateid.lockRefusal
local notPresent = ____stateid.notPresent
local noteLock = ____stateid.noteLock
local noteUnlock = ____stateid.noteUnlock
local repeatedLock = ____stateid.repeatedLock
local unknownStateid = ____stateid.unknownStateid
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local setDue = ____step.setDue
local ____takeover = require("libs.locks.src.core.rules.takeover")
local makeWay = ____takeover.makeWay
local ____ending = require("libs.locks.src.core.verbs.ending")
local ____end = ____ending["end"]
function rangeView(step, id, range)
    return {
        rangeId = id,
        sessionId = range.sessionId,
        owner = range.owner,
        exportName = range.exportName,
        path = range.path,
        fileId = range.fileId,
        fileKey = range.fileKey,
        class = range.class,
        type = range.type,
        state = range.state,
        waitNo = waitNoOf(range),
        startHi = range.startHi,
        startLo = range.startLo,
        endHi = range.endHi,
        endLo = range.endLo,
        backed = isBacked(step, range),
        withinMs = range.atOnce == true and math.max(0, range.due - step.now) or nil
    }
end
function takerOf(row, file)
    local ____row_0 = row
    local owner = ____row_0.owner
    local ownerKey = ____row_0.ownerKey
    local clientKey = ____row_0.clientKey
    local sessionId = ____row_0.sessionId
    local pid = ____row_0.pid
    local body = ____row_0.body
    return {
        owner = owner,
        ownerKey = ownerKey,
        clientKey = clientKey,
        sessionId = sessionId,
        pid = pid,
        file = file,
        body = body
    }
end
function refuseOwn(step, viewer, ____bindingPattern0)
    local row
    local id
    id = ____bindingPattern0.id
    row = ____bindingPattern0.row
    local blocker = shown(
        step,
        viewer,
        rangeBlocker(id, row)
    )
    return {refused = {reason = "owner_has_range", blockers = {blocker}, blockerCount = 1}}
end
function again(step, input)
    local id = input.rangeId
    local row = step.rows:get("range", id)
    if row == nil then
        local ended = step.rows:get("ended", id)
        if ended == nil then
            return nil
        end
        if ended.body ~= input.body then
            return refuse("id_reused_with_other_body")
        end
        return {refused = {reason = "lock_over", ended = ended.how}}
    end
    if row.sessionId ~= input.sessionId then
        return refuse("not_holder")
    end
    if row.body ~= input.body then
        return refuse("id_reused_with_other_body")
    end
    if row.waitNo ~= 0 then
        waitsFor(step, id, row, input.waitMs)
    end
    return {
        range = rangeView(step, id, row),
        waiting = row.state == "waiting"
    }
end
function waitsFor(step, id, row, waitMs)
    local ____until = step.now + waitMs
    if ____until <= row.due and (row.atOnce ~= true or waitMs == 0) then
        return
    end
    row.atOnce = nil
    if ____until > row.due then
        setDue(
            step,
            keys.range(id),
            row,
            ____until
        )
    end
    step.rows:put("range", id, row)
end
function refShown(step, shown)
    local fileKey = fileShown(step, shown)
    local ____temp_15
    if fileKey == nil then
        ____temp_15 = nil
    else
        ____temp_15 = loadFile(step, fileKey)
    end
    local file = ____temp_15
    if file == nil then
        return nil
    end
    local ____file_row_16 = file.row
    local exportName = ____file_row_16.exportName
    local path = ____file_row_16.path
    local fileId = ____file_row_16.fileId
    local inode = ____file_row_16.inode
    return {
        fileKey = file.key,
        exportName = exportName,
        path = path,
        fileId = fileId,
        inode = inode
    }
end
function covers(step, row)
    for ____, own in ipairs(ownRanges(step, row, row)) do
        local begins = compare(own.row.startHi, own.row.startLo, row.startHi, row.startLo) <= 0
        local ends = compare(own.row.endHi, own.row.endLo, row.endHi, row.endLo) >= 0
        if own.row.type == row.type and begins and ends then
            return true
        end
    end
    return false
end
function holds(step, row)
    for ____, own in ipairs(ownRanges(step, row, row)) do
        if own.row.type == row.type then
            return true
        end
    end
    return false
end
function same(step, row)
    for ____, entry in ipairs(step.rows:page(
        keys.ownerWaits(row.ownerKey),
        0,
        endOfList,
        waitsOfOne
    )) do
        do
            local __continue46
            repeat
                if keys.rowMember(step.rows, entry.member) ~= "range" then
                    __continue46 = true
                    break
                end
                local id = keys.idOf(step.rows, entry.member)
                local parked = step.rows:get("range", id)
                if parked == nil or parked.body ~= nil then
                    __continue46 = true
                    break
                end
                local asked = parked.fileKey == row.fileKey and parked.class == row.class and parked.type == row.type
                local start = compare(parked.startHi, parked.startLo, row.startHi, row.startLo)
                local ____end = compare(parked.endHi, parked.endLo, row.endHi, row.endLo)
                if asked and start == 0 and ____end == 0 then
                    return {id = id, row = parked}
                end
                __continue46 = true
            until true
            if not __continue46 then
                break
            end
        end
    end
    return nil
end
function enter(step, file, waiter, input, ref)
    local ____waiter_17 = waiter
    local row = ____waiter_17.row
    local ahead = aheadOf(step, file, waiter)
    if ahead == nil then
        makeWay(step, file, waiter)
    end
    local free = ahead == nil and #rangesInTheWay(step, file, row, 1) == 0
    if free then
        if file.row.ranges + rowsPerRange > rangesMaxOf(step, file) then
            return refuse("file_ranges_max")
        end
        if not mustAsk(step, file, row) then
            return "granted"
        end
    end
    local waitMs = free and math.max(
        input.waitMs,
        answerMs(step)
    ) or input.waitMs
    local verdict = mayNotWait(
        step,
        file,
        waiter,
        reasonFor(step, file, waiter),
        waitMs
    )
    if verdict ~= nil then
        return verdict
    end
    local parked = newRow(
        step,
        input.rangeId,
        takerOf(row, ref),
        row
    )
    parked.state = "waiting"
    parked.splitId = input.splitId
    parked.claimMs = input.claimMs
    local ____temp_18
    if input.waitMs == 0 then
        ____temp_18 = true
    else
        ____temp_18 = nil
    end
    parked.atOnce = ____temp_18
    enqueue(step, file, {kind = rangeKind, id = input.rangeId, row = parked}, waitMs)
    step.rows:put("range", input.rangeId, parked)
    return "waiting"
end
function unlock(step, input, fileKey)
    local file = loadFile(step, fileKey)
    if file == nil then
        return false
    end
    local at = {fileKey = file.key, class = input.class, ownerKey = input.ownerKey}
    if splits(step, at, input) then
        if file.row.ranges >= rangesMaxOf(step, file) then
            return refuse("file_ranges_max")
        end
        local full = roomFor(step, input.sessionId, 1)
        if full ~= nil then
            return full
        end
    end
    local unlocked = giveUpRange(
        step,
        file,
        at,
        input,
        input.splitId
    )
    settleFile(step, file)
    return unlocked
end
local function isRange(range, kind)
    if range.endHi > wholeFile.endHi then
        return false
    end
    if compare(range.startHi, range.startLo, range.endHi, range.endLo) > 0 then
        return false
    end
    if kind ~= "flock" then
        return true
    end
    return compare(range.startHi, range.startLo, 0, 0) == 0 and compare(range.endHi, range.endLo, wholeFile.endHi, wholeFile.endLo) == 0
end
local function rowOf(step, input, file)
    return {
        no = 0,
        sessionId = input.sessionId,
        owner = input.owner,
        ownerKey = input.ownerKey,
        clientKey = input.clientKey,
        fileKey = file.fileKey,
        exportName = file.exportName,
        path = file.path,
        fileId = file.fileId,
        inode = file.inode,
        pid = input.pid or pidOf(step, input.sessionId),
        class = input.class,
        type = input.type,
        startHi = input.startHi,
        startLo = input.startLo,
        endHi = input.endHi,
        endLo = input.endLo,
        state = "waiting",
        waitNo = 0,
        due = 0,
        splitId = "",
        body = input.body
    }
end
function ____exports.rangeLock(step, input)
    local refused = gate(step, input.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    if not isRange(input, input.class) then
        return refuse("bad_range")
    end
    local ____input_1 = input
    local shown = ____input_1.shown
    local ____input_file_3 = input.file
    if ____input_file_3 == nil then
        local ____temp_2
        if shown == nil then
            ____temp_2 = nil
        else
            ____temp_2 = refShown(step, shown)
        end
        ____input_file_3 = ____temp_2
    end
    local named = ____input_file_3
    if named == nil then
        return (shown and shown.id) == nil and refuse("no_such_lock") or unknownStateid(step, shown.id, shown)
    end
    local ____temp_6
    if shown == nil then
        ____temp_6 = nil
    else
        ____temp_6 = repeatedLock(step, named.fileKey, input.ownerKey, shown)
    end
    local repeated = ____temp_6
    if repeated ~= nil then
        local row = rowOf(step, input, named)
        row.state = "held"
        return {
            range = rangeView(step, input.rangeId, row),
            waiting = false,
            stateid = repeated
        }
    end
    local ____temp_7
    if input.body == nil then
        ____temp_7 = nil
    else
        ____temp_7 = again(step, input)
    end
    local known = ____temp_7
    if known ~= nil then
        return known
    end
    local rows = shown == nil and rowsPerRange or rowsPerRange + 1
    local ____exportFor_result_8 = exportFor(step, named, input, rows)
    local exp = ____exportFor_result_8.exp
    local away = ____exportFor_result_8.refused
    if exp == nil then
        return away
    end
    local file = enterFile(step, named, exp)
    local ref = refIn(file, named)
    local row = rowOf(step, input, ref)
    local ____temp_9
    if shown == nil then
        ____temp_9 = nil
    else
        ____temp_9 = lockRefusal(step, row, shown)
    end
    local barred = ____temp_9
    if barred ~= nil then
        return barred
    end
    local ____temp_10
    if row.body == nil then
        ____temp_10 = same(step, row)
    else
        ____temp_10 = nil
    end
    local parked = ____temp_10
    if parked ~= nil then
        waitsFor(step, parked.id, parked.row, input.waitMs)
        return {
            range = rangeView(step, parked.id, parked.row),
            waiting = true
        }
    end
    local ____temp_11
    if row.body == nil then
        ____temp_11 = nil
    else
        ____temp_11 = ownInTheWay(step, row)
    end
    local own = ____temp_11
    if own ~= nil then
        return refuseOwn(step, input.sessionId, own)
    end
    local ____covers_result_12
    if covers(step, row) then
        ____covers_result_12 = nil
    else
        ____covers_result_12 = neverHeld(step, input.reclaim, exp)
    end
    local never = ____covers_result_12
    if never ~= nil then
        return never
    end
    local ____covers_result_13
    if covers(step, row) then
        ____covers_result_13 = nil
    else
        ____covers_result_13 = cannotBack(file)
    end
    local unbacked = ____covers_result_13
    if unbacked ~= nil then
        return refuse(unbacked)
    end
    local waiter = {kind = rangeKind, id = input.rangeId, row = row}
    if input.class == "flock" and not holds(step, row) then
        giveUpRange(
            step,
            file,
            row,
            row,
            input.splitId
        )
    end
    local verdict = enter(
        step,
        file,
        waiter,
        input,
        ref
    )
    local held
    if verdict == "granted" then
        held = takeRange(
            step,
            file,
            takerOf(row, ref),
            row,
            input.rangeId,
            input.splitId
        )
    end
    settleFile(step, file)
    if verdict ~= "granted" and verdict ~= "waiting" then
        return verdict
    end
    local id = held or input.rangeId
    local now = step.rows:get("range", id)
    local waiting = now ~= nil and now.state == "waiting"
    local ____temp_14
    if shown == nil then
        ____temp_14 = nil
    else
        ____temp_14 = noteLock(step, row, shown, not waiting)
    end
    local stateid = ____temp_14
    return {
        range = rangeView(step, id, now or row),
        waiting = waiting,
        stateid = stateid
    }
end
waitsOfOne = 64
function ____exports.rangeUnlock(step, input)
    local refused = gate(step, input.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    if not isRange(input, input.class) then
        return refuse("bad_range")
    end
    local ____input_19 = input
    local shown = ____input_19.shown
    if shown == nil then
        local unlocked = unlock(step, input, input.fileKey)
        return (unlocked == true or unlocked == false) and ({unlocked = unlocked}) or unlocked
    end
    local state = step.rows:get("lockState", shown.id)
    if state == nil or state.ownerKey ~= input.ownerKey then
        return unknownStateid(step, shown.id, shown)
    end
    local ____repeat = isRepeat(shown, state)
    local ____repeat_20
    if ____repeat then
        ____repeat_20 = nil
    else
        ____repeat_20 = notPresent(shown, state)
    end
    local old = ____repeat_20
    if old ~= nil then
        return old
    end
    local ____repeat_21
    if ____repeat then
        ____repeat_21 = false
    else
        ____repeat_21 = unlock(step, input, state.fileKey)
    end
    local unlocked = ____repeat_21
    if unlocked ~= true and unlocked ~= false then
        return unlocked
    end
    if not ____repeat then
        noteUnlock(step, shown, state, input)
    end
    return {unlocked = unlocked, stateid = {id = shown.id, seqid = state.seqid}}
end
function ____exports.rangeTest(step, input)
    local refused = gate(step, input.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    if not isRange(input, input.class) then
        return refuse("bad_range")
    end
    local file = loadFile(step, input.file.fileKey)
    local row = rowOf(
        step,
        input,
        file == nil and input.file or refIn(file, input.file)
    )
    if file ~= nil then
        for ____, found in ipairs(rangesInTheWay(step, file, row, 1)) do
            return {blocker = shown(
                step,
                input.sessionId,
                rangeBlocker(found.id, found.row)
            )}
        end
        if covers(step, row) then
            return {}
        end
    end
    local ____temp_22
    if file == nil then
        ____temp_22 = step.rows:get("export", input.file.exportName)
    else
        ____temp_22 = file.exp
    end
    local exp = ____temp_22
    if exp == nil or not backsRanges({exp = exp}) then
        return {}
    end
    local ____temp_23
    if file == nil then
        ____temp_23 = cannotAsk(exp, input.file)
    else
        ____temp_23 = cannotBack(file)
    end
    local unheard = ____temp_23
    if unheard ~= nil then
        return refuse(unheard)
    end
    local ____temp_24 = file == nil and input.file or file.row
    local exportName = ____temp_24.exportName
    local path = ____temp_24.path
    local fileId = ____temp_24.fileId
    return {ask = {
        exportName = exportName,
        path = path,
        fileId = fileId,
        incarnation = exp.incarnation,
        endpoint = exp.endpoint
    }}
end
function ____exports.rangeGet(step, input)
    local range = step.rows:get("range", input.rangeId)
    if range == nil then
        return refuse("no_such_lock")
    end
    local refused = gate(step, range.sessionId, input.digest)
    return refused or ({range = rangeView(step, input.rangeId, range)})
end
function ____exports.rangeDrop(step, input)
    local range = step.rows:get("range", input.rangeId)
    if range == nil then
        return refuse("no_such_lock")
    end
    local refused = gate(step, range.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    if input.ifWaiting == true and range.state == "held" then
        return {dropped = false}
    end
    ____end(step, {kind = rangeKind, id = input.rangeId, row = range}, "cancelled")
    return {dropped = true}
end
function ____exports.rangeCancel(step, input)
    local refused = gate(step, input.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    local file = loadFile(step, input.file.fileKey)
    local ____temp_25
    if file == nil then
        ____temp_25 = nil
    else
        ____temp_25 = same(
            step,
            rowOf(
                step,
                input,
                refIn(file, input.file)
            )
        )
    end
    local parked = ____temp_25
    if parked == nil then
        return {cancelled = false}
    end
    ____end(step, {kind = rangeKind, id = parked.id, row = parked.row}, "cancelled")
    return {cancelled = true}
end
return ____exports
 end,
["libs.locks.src.core.guests"] = function(...)
local ____exports = {}
local noteShard, guestOf, enter, keepOut, stateOf, never, tombstoneMs
local ____deadlines = require("libs.locks.src.core.deadlines")
local emptySession = ____deadlines.emptySession
local siftSession = ____deadlines.siftSession
local keys = require("libs.locks.src.core.keys")
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local ____admission = require("libs.locks.src.core.rules.admission")
local gate = ____admission.gate
local ____courtesy = require("libs.locks.src.core.rules.courtesy")
local endSession = ____courtesy.endSession
local enterCourtesy = ____courtesy.enterCourtesy
local leaveCourtesy = ____courtesy.leaveCourtesy
local ____deadlock = require("libs.locks.src.core.rules.deadlock")
local memberOfCycle = ____deadlock.memberOfCycle
local waitsFor = ____deadlock.waitsFor
local ____file = require("libs.locks.src.core.rules.file")
local loadFile = ____file.loadFile
local ____grace = require("libs.locks.src.core.rules.grace")
local inGrace = ____grace.inGrace
local wasThere = ____grace.wasThere
local ____kind = require("libs.locks.src.core.rules.kinds.kind")
local dropWaiter = ____kind.dropWaiter
local ____table = require("libs.locks.src.core.rules.kinds.table")
local lockById = ____table.lockById
local lockOf = ____table.lockOf
local ____quota = require("libs.locks.src.core.rules.quota")
local enterSubject = ____quota.enterSubject
local limitsOf = ____quota.limitsOf
local ____settle = require("libs.locks.src.core.rules.settle")
local settleFile = ____settle.settleFile
local ____tenant = require("libs.locks.src.core.rules.tenant")
local veilCycle = ____tenant.veilCycle
local ____step = require("libs.locks.src.core.step")
local agoMs = ____step.agoMs
local endOfList = ____step.endOfList
local nextSeq = ____step.nextSeq
local setDue = ____step.setDue
function noteShard(step, id, session, shard)
    local shards = {}
    for ____, each in ipairs(session.shards or ({})) do
        if each == shard then
            return
        end
        shards[#shards + 1] = each
    end
    shards[#shards + 1] = shard
    session.shards = shards
    step.rows:put("session", id, session)
end
function guestOf(step, session)
    local ____session_1 = session
    local no = ____session_1.no
    local digest = ____session_1.digest
    local ttlMs = ____session_1.ttlMs
    local pid = ____session_1.pid
    local node = ____session_1.node
    local label = ____session_1.label
    local tenant = ____session_1.tenant
    local subject = ____session_1.subject
    local ____session_2 = session
    local client = ____session_2.client
    local principal = ____session_2.principal
    local complete = ____session_2.complete
    local courtesyMs = ____session_2.courtesyMs
    local limits = limitsOf(step, session)
    local grace = inGrace(step)
    local ____no_5 = no
    local ____digest_6 = digest
    local ____ttlMs_7 = ttlMs
    local ____pid_8 = pid
    local ____node_9 = node
    local ____label_10 = label
    local ____tenant_11 = tenant
    local ____subject_12 = subject
    local ____limits_subject_13 = limits.subject
    local ____limits_tenant_14 = limits.tenant
    local ____client_15 = client
    local ____principal_16 = principal
    local ____complete_17 = complete
    local ____courtesyMs_18 = courtesyMs
    local ____temp_3
    if grace and not wasThere(step, session) then
        ____temp_3 = true
    else
        ____temp_3 = nil
    end
    local ____temp_4
    if grace and session.reclaimedIn == step.meta.graceNo then
        ____temp_4 = true
    else
        ____temp_4 = nil
    end
    return {
        no = ____no_5,
        digest = ____digest_6,
        ttlMs = ____ttlMs_7,
        pid = ____pid_8,
        node = ____node_9,
        label = ____label_10,
        tenant = ____tenant_11,
        subject = ____subject_12,
        quota = ____limits_subject_13,
        tenantQuota = ____limits_tenant_14,
        client = ____client_15,
        principal = ____principal_16,
        complete = ____complete_17,
        courtesyMs = ____courtesyMs_18,
        isNew = ____temp_3,
        reclaimed = ____temp_4
    }
end
function enter(step, id, facts)
    local ____step_meta_24 = step.meta
    local graceNo = ____step_meta_24.graceNo
    if graceNo == nil then
        graceNo = 0
    end
    local isEarlier = agoMs(step, facts.no) >= agoMs(step, graceNo)
    local ____nextSeq_result_27 = nextSeq(step)
    local ____facts_digest_28 = facts.digest
    local ____facts_ttlMs_29 = facts.ttlMs
    local ____temp_30 = facts.reclaimed == true and graceNo or 0
    local ____facts_node_31 = facts.node
    local ____facts_pid_32 = facts.pid
    local ____facts_label_33 = facts.label
    local ____facts_tenant_34 = facts.tenant
    local ____facts_subject_35 = facts.subject
    local ____temp_25
    if facts.quota == nil then
        ____temp_25 = nil
    else
        ____temp_25 = true
    end
    local ____temp_26
    if facts.tenantQuota == nil then
        ____temp_26 = nil
    else
        ____temp_26 = true
    end
    local session = {
        no = ____nextSeq_result_27,
        digest = ____facts_digest_28,
        ttlMs = ____facts_ttlMs_29,
        expires = never,
        due = 0,
        state = "live",
        rows = 0,
        delegations = 0,
        revoked = 0,
        reclaimedIn = ____temp_30,
        node = ____facts_node_31,
        pid = ____facts_pid_32,
        label = ____facts_label_33,
        tenant = ____facts_tenant_34,
        subject = ____facts_subject_35,
        counted = ____temp_25,
        countedTenant = ____temp_26,
        client = facts.client,
        principal = facts.principal,
        complete = facts.complete,
        courtesyMs = facts.courtesyMs,
        resumedIn = inGrace(step) and facts.isNew ~= true and isEarlier and graceNo or nil,
        guest = true
    }
    local ____step_meta_36, ____sessions_37 = step.meta, "sessions"
    ____step_meta_36[____sessions_37] = ____step_meta_36[____sessions_37] + 1
    enterSubject(step, session, {subject = facts.quota, tenant = facts.tenantQuota})
    step.rows:link("sessions", id, session.no)
    step.rows:put("session", id, session)
    return {more = false}
end
function keepOut(step, id, state)
    local session = {
        no = nextSeq(step),
        digest = "",
        ttlMs = 0,
        expires = 0,
        due = 0,
        state = state == "expiring" and "expired" or "ended",
        rows = 0,
        delegations = 0,
        revoked = 0,
        reclaimedIn = 0,
        pid = 0,
        guest = true
    }
    step.rows:link("sessions", id, session.no)
    setDue(
        step,
        keys.session(id),
        session,
        step.now + tombstoneMs
    )
    step.rows:put("session", id, session)
end
function stateOf(____bindingPattern0)
    local emptying
    local state
    state = ____bindingPattern0.state
    emptying = ____bindingPattern0.emptying
    if state == "live" or state == "courtesy" then
        return state
    end
    if emptying ~= true then
        return "held"
    end
    return state == "ending" and "ending" or "expiring"
end
never = 4503599627370496
tombstoneMs = 600000
function ____exports.sessionEnter(step, input)
    local ____input_0 = input
    local sessionId = ____input_0.sessionId
    local shard = ____input_0.shard
    local digest = ____input_0.digest
    local session = step.rows:get("session", sessionId)
    if session == nil then
        return refuse("no_such_session")
    end
    local refused = gate(step, sessionId, digest)
    if refused ~= nil then
        return refused
    end
    noteShard(step, sessionId, session, shard)
    return {
        guest = guestOf(step, session),
        state = session.state == "courtesy" and "courtesy" or "live"
    }
end
function ____exports.guestCheck(step, input)
    local unknown = {}
    if inGrace(step) then
        return {unknown = unknown}
    end
    for ____, id in ipairs(input.sessionIds) do
        local session = step.rows:get("session", id)
        if session == nil or session.state == "expired" or session.state == "ended" then
            unknown[#unknown + 1] = id
        else
            noteShard(step, id, session, input.shard)
        end
    end
    return {unknown = unknown}
end
function ____exports.guestSet(step, input)
    local ____input_19 = input
    local id = ____input_19.sessionId
    local state = ____input_19.state
    local silentMs = ____input_19.silentMs
    if silentMs == nil then
        silentMs = 0
    end
    local facts = ____input_19.facts
    local session = step.rows:get("session", id)
    local isOver = (session and session.state) == "expired" or (session and session.state) == "ended"
    if session == nil or isOver then
        if facts ~= nil then
            return isOver and refuse("session_expired") or enter(step, id, facts)
        end
        if session == nil and (state == "expiring" or state == "ending") then
            keepOut(step, id, state)
        end
        return {more = false}
    end
    session.expires = state == "live" and never or step.now - silentMs
    if state == "expiring" or state == "ending" then
        endSession(step, id, session, state)
        return {more = emptySession(step, id, session)}
    end
    if state == "courtesy" then
        if session.state == "live" then
            enterCourtesy(step, id, session)
            siftSession(step, id, session)
        end
    else
        setDue(
            step,
            keys.session(id),
            session,
            0
        )
        if state == "held" then
            endSession(step, id, session, "expiring")
        else
            leaveCourtesy(step, id, session)
            session.state = state
        end
    end
    step.rows:put("session", id, session)
    return {more = false}
end
function ____exports.newsList(step, input)
    local news = {}
    for ____, ____value in ipairs(step.rows:page(keys.news, 0, endOfList, input.limit)) do
        local member = ____value.member
        local score = ____value.score
        do
            local __continue29
            repeat
                local session = step.rows:get("session", member)
                if session == nil then
                    __continue29 = true
                    break
                end
                local silentMs = math.max(0, step.now - session.expires)
                local shards = session.shards
                if shards == nil then
                    shards = {}
                end
                news[#news + 1] = {
                    sessionId = member,
                    no = score,
                    state = stateOf(session),
                    silentMs = silentMs,
                    shards = shards
                }
                __continue29 = true
            until true
            if not __continue29 then
                break
            end
        end
    end
    return {news = news}
end
function ____exports.newsTold(step, input)
    local ____input_38 = input
    local id = ____input_38.sessionId
    local no = ____input_38.no
    local session = step.rows:get("session", id)
    if session == nil or session.newsNo ~= no then
        return {told = false}
    end
    step.rows:unlink(keys.news, id, no)
    session.newsNo = nil
    step.rows:put("session", id, session)
    if session.emptying == true then
        session.shards = nil
        emptySession(step, id, session)
    end
    return {told = true}
end
function ____exports.waitList(step, input)
    local waits = {}
    local page = step.rows:page(keys.waits, input.after, endOfList, input.limit)
    local after
    for ____, ____value in ipairs(page) do
        local member = ____value.member
        local score = ____value.score
        do
            local __continue39
            repeat
                after = score
                local waiter = lockOf(step, member)
                local ____temp_39
                if waiter == nil then
                    ____temp_39 = nil
                else
                    ____temp_39 = loadFile(step, waiter.row.fileKey)
                end
                local file = ____temp_39
                if waiter == nil or file == nil then
                    __continue39 = true
                    break
                end
                local ____memberOfCycle_result_40 = memberOfCycle(waiter)
                local id = ____memberOfCycle_result_40.id
                local kind = ____memberOfCycle_result_40.kind
                local sessionId = ____memberOfCycle_result_40.sessionId
                local owner = ____memberOfCycle_result_40.owner
                local exportName = ____memberOfCycle_result_40.exportName
                local path = ____memberOfCycle_result_40.path
                local ____waitsFor_result_41 = waitsFor(step, file, waiter)
                local owners = ____waitsFor_result_41.owners
                local any = ____waitsFor_result_41.any
                local ____waiter_row_42 = waiter.row
                local waitNo = ____waiter_row_42.waitNo
                local ownerKey = ____waiter_row_42.ownerKey
                waits[#waits + 1] = {
                    id = id,
                    kind = kind,
                    sessionId = sessionId,
                    owner = owner,
                    exportName = exportName,
                    path = path,
                    waitNo = waitNo,
                    ownerKey = ownerKey,
                    owners = owners,
                    any = any
                }
                __continue39 = true
            until true
            if not __continue39 then
                break
            end
        end
    end
    local ____waits_44 = waits
    local ____temp_43
    if #page < input.limit then
        ____temp_43 = nil
    else
        ____temp_43 = after
    end
    return {waits = ____waits_44, after = ____temp_43}
end
function ____exports.waitDrop(step, input)
    local waiter = lockById(step, input.id)
    local ____temp_45
    if waiter == nil then
        ____temp_45 = nil
    else
        ____temp_45 = loadFile(step, waiter.row.fileKey)
    end
    local file = ____temp_45
    if waiter == nil or file == nil or waiter.row.waitNo ~= input.waitNo then
        return {dropped = false}
    end
    dropWaiter(
        step,
        file,
        waiter,
        "deadlock",
        veilCycle(step, waiter.row.sessionId, input.cycle)
    )
    settleFile(step, file)
    return {dropped = true}
end
return ____exports
 end,
["libs.locks.src.core.verbs.set"] = function(...)
local ____exports = {}
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local ____admission = require("libs.locks.src.core.rules.admission")
local gate = ____admission.gate
local ____ended = require("libs.locks.src.core.rules.ended")
local rememberEnd = ____ended.rememberEnd
function ____exports.setDecide(step, input)
    local ____input_0 = input
    local sessionId = ____input_0.sessionId
    local digest = ____input_0.digest
    local setId = ____input_0.setId
    local body = ____input_0.body
    local how = ____input_0.how
    local refused = gate(step, sessionId, digest)
    if refused ~= nil then
        return refused
    end
    local ended = step.rows:get("ended", setId)
    if ended ~= nil then
        if ended.sessionId ~= sessionId or ended.body ~= body then
            return refuse("id_reused_with_other_body")
        end
        return {how = ended.how}
    end
    if how ~= nil then
        rememberEnd(step, setId, {sessionId = sessionId, body = body}, how)
    end
    return {how = how}
end
return ____exports
 end,
["libs.locks.src.core.verbs.stateid"] = function(...)
local ____exports = {}
local notHeld, heldLocks, freeDelegation
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local ____ended = require("libs.locks.src.core.rules.ended")
local freeTaken = ____ended.freeTaken
local wasTaken = ____ended.wasTaken
local ____file = require("libs.locks.src.core.rules.file")
local loadFile = ____file.loadFile
local ____lease = require("libs.locks.src.core.rules.kinds.lease")
local forgetFinished = ____lease.forgetFinished
local ____stateid = require("libs.locks.src.core.rules.stateid")
local forgetLockState = ____stateid.forgetLockState
local gateShown = ____stateid.gateShown
local hasEnded = ____stateid.hasEnded
local holdsLocks = ____stateid.holdsLocks
local notPresent = ____stateid.notPresent
local rememberRequest = ____stateid.rememberRequest
local unknownStateid = ____stateid.unknownStateid
local ____lease = require("libs.locks.src.core.verbs.lease")
local settleLease = ____lease.settleLease
function notHeld(step, id, lease, shown)
    if not lease.delegation then
        return refuse("no_such_lock")
    end
    local away = notPresent(shown, lease)
    if away ~= nil then
        return away
    end
    settleLease(step, id, lease)
    if lease.state == "revoked" then
        return refuse(lease.cause == "expired" and "state_expired" or "lease_revoked")
    end
    return lease.state == "released" and refuse("lease_released") or nil
end
function heldLocks(step, ____bindingPattern0)
    local owner
    local openId
    local fileKey
    fileKey = ____bindingPattern0.fileKey
    openId = ____bindingPattern0.openId
    owner = ____bindingPattern0.owner
    local file = loadFile(step, fileKey)
    local ____temp_1
    if openId == nil then
        ____temp_1 = nil
    else
        ____temp_1 = step.rows:get("open", openId)
    end
    local open = ____temp_1
    local ____temp_3 = file == nil and "" or file.row.exportName
    local ____temp_4 = file == nil and "" or file.row.path
    local ____temp_2
    if open == nil then
        ____temp_2 = nil
    else
        ____temp_2 = open.access
    end
    return {
        kind = "lock",
        exportName = ____temp_3,
        path = ____temp_4,
        access = ____temp_2,
        owner = owner
    }
end
function freeDelegation(step, id, lease, shown)
    local away = notHeld(step, id, lease, shown)
    if away == nil then
        return {refused = {reason = "locks_held", leaseId = id}}
    end
    if away.refused.reason ~= "lease_revoked" and away.refused.reason ~= "state_expired" then
        return away
    end
    forgetFinished(step, id, lease)
    rememberRequest(
        step,
        id,
        {sessionId = lease.sessionId},
        shown,
        "freed"
    )
    return {freed = true}
end
function ____exports.stateidTest(step, input)
    local ____input_0 = input
    local id = ____input_0.id
    local shown = ____input_0.shown
    local refused = gateShown(step, shown, input.digest)
    if refused ~= nil then
        return refused
    end
    local lease = step.rows:get("lease", id)
    if lease ~= nil then
        local exportName = lease.exportName
        local path = lease.path
        local times = lease.times
        local access = lease.type == "write" and "both" or "read"
        return notHeld(step, id, lease, shown) or ({held = {
            kind = "delegation",
            exportName = exportName,
            path = path,
            access = access,
            times = times
        }})
    end
    local open = step.rows:get("open", id)
    if open ~= nil then
        local exportName = open.exportName
        local path = open.path
        local access = open.access
        return notPresent(shown, open) or ({held = {kind = "open", exportName = exportName, path = path, access = access}})
    end
    local state = step.rows:get("lockState", id)
    if state == nil then
        return unknownStateid(step, id, shown)
    end
    return notPresent(shown, state) or ({held = heldLocks(step, state)})
end
function ____exports.stateidFree(step, input)
    local ____input_5 = input
    local id = ____input_5.id
    local shown = ____input_5.shown
    local refused = gateShown(step, shown, input.digest)
    if refused ~= nil then
        return refused
    end
    local lease = step.rows:get("lease", id)
    if lease ~= nil then
        return freeDelegation(step, id, lease, shown)
    end
    local state = step.rows:get("lockState", id)
    local row = step.rows:get("open", id) or state
    if row == nil and wasTaken(step, id, shown.sessionId) then
        freeTaken(step, id, shown.sessionId, shown.requestId)
        return {freed = true}
    end
    if row == nil then
        return hasEnded(step, id, shown) and ({freed = true}) or refuse("no_such_lock")
    end
    local away = notPresent(shown, row)
    if away ~= nil then
        return away
    end
    local held = state == nil and id or holdsLocks(step, state)
    if state == nil or held ~= nil then
        return {refused = {reason = "locks_held", leaseId = held}}
    end
    forgetLockState(step, id, state)
    rememberRequest(
        step,
        id,
        {sessionId = state.sessionId},
        shown,
        "freed"
    )
    return {freed = true}
end
return ____exports
 end,
["libs.locks.src.core.verbs.subject"] = function(...)
local ____exports = {}
local keys = require("libs.locks.src.core.keys")
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
function ____exports.subjectSet(step, input)
    local id = keys.subject(input.tenant, input.subject)
    local row = step.rows:get("subject", id)
    if row == nil then
        return {known = false}
    end
    row.limits = input.limits
    step.rows:put("subject", id, row)
    return {known = true}
end
function ____exports.subjectList(step, input)
    local subjects = {}
    local after
    local function add(name)
        local row = step.rows:get("subject", name)
        if row == nil then
            return
        end
        local sessions = row.sessions
        local rows = row.rows
        local waits = row.waits
        local limits = row.limits
        subjects[#subjects + 1] = {
            name = name,
            sessions = sessions,
            rows = rows,
            waits = waits,
            limits = limits
        }
    end
    if input.names ~= nil then
        for ____, name in ipairs(input.names) do
            add(name)
        end
        return {subjects = subjects}
    end
    local page = step.rows:page("subjects", input.after, endOfList, input.limit)
    for ____, entry in ipairs(page) do
        after = entry.score
        add(entry.member)
    end
    local ____subjects_1 = subjects
    local ____temp_0
    if #page < input.limit then
        ____temp_0 = nil
    else
        ____temp_0 = after
    end
    return {subjects = ____subjects_1, after = ____temp_0}
end
return ____exports
 end,
["libs.locks.src.core.run"] = function(...)
local ____exports = {}
local hasLost
local ____deadlines = require("libs.locks.src.core.deadlines")
local clientConfirm = ____deadlines.clientConfirm
local sessionEnd = ____deadlines.sessionEnd
local settleDue = ____deadlines.settleDue
local tick = ____deadlines.tick
local ____format = require("libs.locks.src.core.format")
local formatOfShards = ____format.formatOfShards
local ____io = require("libs.locks.src.core.io")
local verbFlags = ____io.verbFlags
local ____lives = require("libs.locks.src.core.lives")
local beginAnew = ____lives.beginAnew
local beginLife = ____lives.beginLife
local hasMinted = ____lives.hasMinted
local hasReached = ____lives.hasReached
local leadsOnFrom = ____lives.leadsOnFrom
local noteGone = ____lives.noteGone
local ____reasons = require("libs.locks.src.core.reasons")
local refuse = ____reasons.refuse
local ____step = require("libs.locks.src.core.step")
local beginStep = ____step.beginStep
local endStep = ____step.endStep
local usedUp = ____step.usedUp
local ____export = require("libs.locks.src.core.tree.export")
local deregister = ____export.deregister
local doubtAdapters = ____export.doubtAdapters
local exportDeclare = ____export.exportDeclare
local exportList = ____export.exportList
local fileDetached = ____export.fileDetached
local fileserverBreak = ____export.fileserverBreak
local fileserverLost = ____export.fileserverLost
local heartbeat = ____export.heartbeat
local holdAnswered = ____export.holdAnswered
local holdReport = ____export.holdReport
local rangesAnswered = ____export.rangesAnswered
local register = ____export.register
local ____node = require("libs.locks.src.core.tree.node")
local nodeBeat = ____node.nodeBeat
local ____follow = require("libs.locks.src.core.tree.follow")
local exportCopy = ____follow.exportCopy
local exportFollow = ____follow.exportFollow
local ____opening = require("libs.locks.src.core.tree.opening")
local exportCount = ____opening.exportCount
local fileBind = ____opening.fileBind
local unboundList = ____opening.unboundList
local ____operation = require("libs.locks.src.core.tree.operation")
local adapterStop = ____operation.adapterStop
local exportHangup = ____operation.exportHangup
local exportResume = ____operation.exportResume
local operationAlone = ____operation.operationAlone
local operationGet = ____operation.operationGet
local operationList = ____operation.operationList
local ____pins = require("libs.locks.src.core.tree.pins")
local dependentList = ____pins.dependentList
local pinAdd = ____pins.pinAdd
local pinDrop = ____pins.pinDrop
local pinGet = ____pins.pinGet
local ____subscription = require("libs.locks.src.core.tree.subscription")
local noticeAck = ____subscription.noticeAck
local subscribe = ____subscription.subscribe
local unsubscribe = ____subscription.unsubscribe
local ____tree = require("libs.locks.src.core.tree.tree")
local exportPut = ____tree.exportPut
local exportTouch = ____tree.exportTouch
local itemRemove = ____tree.itemRemove
local nodeList = ____tree.nodeList
local nodePut = ____tree.nodePut
local regionList = ____tree.regionList
local regionPut = ____tree.regionPut
local stackList = ____tree.stackList
local stackPut = ____tree.stackPut
local ____admin = require("libs.locks.src.core.verbs.admin")
local lockBreak = ____admin.lockBreak
local lockRelease = ____admin.lockRelease
local ____attributes = require("libs.locks.src.core.verbs.attributes")
local attributesAsk = ____attributes.attributesAsk
local attributesRecall = ____attributes.attributesRecall
local attributesTell = ____attributes.attributesTell
local ____change = require("libs.locks.src.core.verbs.change")
local changeCancel = ____change.changeCancel
local changeReport = ____change.changeReport
local fileChange = ____change.fileChange
local ____client = require("libs.locks.src.core.verbs.client")
local clientExchange = ____client.clientExchange
local ____delegation = require("libs.locks.src.core.verbs.delegation")
local delegationUntold = ____delegation.delegationUntold
local delegationWant = ____delegation.delegationWant
local ____connection = require("libs.locks.src.core.tree.connection")
local connect = ____connection.connect
local connectionGet = ____connection.connectionGet
local connectionHangup = ____connection.connectionHangup
local connectionList = ____connection.connectionList
local disconnect = ____connection.disconnect
local ____dlm = require("libs.locks.src.core.verbs.dlm")
local dlmCancel = ____dlm.dlmCancel
local dlmConvert = ____dlm.dlmConvert
local dlmGet = ____dlm.dlmGet
local dlmList = ____dlm.dlmList
local dlmLock = ____dlm.dlmLock
local dlmUnlock = ____dlm.dlmUnlock
local resourceGet = ____dlm.resourceGet
local ____grace = require("libs.locks.src.core.verbs.grace")
local exportGrace = ____grace.exportGrace
local graceGet = ____grace.graceGet
local reclaimComplete = ____grace.reclaimComplete
local ____lease = require("libs.locks.src.core.verbs.lease")
local fenceCheck = ____lease.fenceCheck
local fenceGet = ____lease.fenceGet
local leaseAcquire = ____lease.leaseAcquire
local leaseAlloc = ____lease.leaseAlloc
local leaseFree = ____lease.leaseFree
local leaseGet = ____lease.leaseGet
local leaseList = ____lease.leaseList
local leaseSet = ____lease.leaseSet
local leaseUndo = ____lease.leaseUndo
local ____listing = require("libs.locks.src.core.verbs.listing")
local lockGet = ____listing.lockGet
local lockList = ____listing.lockList
local waitGet = ____listing.waitGet
local ____names = require("libs.locks.src.core.verbs.names")
local fileMoved = ____names.fileMoved
local nameList = ____names.nameList
local ____open = require("libs.locks.src.core.verbs.open")
local openClose = ____open.openClose
local openCreate = ____open.openCreate
local openGet = ____open.openGet
local openSet = ____open.openSet
local ____permit = require("libs.locks.src.core.verbs.permit")
local permitCheck = ____permit.permitCheck
local permitDrop = ____permit.permitDrop
local permitGet = ____permit.permitGet
local permitTake = ____permit.permitTake
local ____range = require("libs.locks.src.core.verbs.range")
local rangeCancel = ____range.rangeCancel
local rangeDrop = ____range.rangeDrop
local rangeGet = ____range.rangeGet
local rangeLock = ____range.rangeLock
local rangeTest = ____range.rangeTest
local rangeUnlock = ____range.rangeUnlock
local ____session = require("libs.locks.src.core.verbs.session")
local awaitReports = ____session.awaitReports
local beginGrace = ____session.beginGrace
local keepalive = ____session.keepalive
local reported = ____session.reported
local sessionCreate = ____session.sessionCreate
local sessionGet = ____session.sessionGet
local sessionList = ____session.sessionList
local ____guests = require("libs.locks.src.core.guests")
local guestCheck = ____guests.guestCheck
local guestSet = ____guests.guestSet
local newsList = ____guests.newsList
local newsTold = ____guests.newsTold
local sessionEnter = ____guests.sessionEnter
local waitDrop = ____guests.waitDrop
local waitList = ____guests.waitList
local ____set = require("libs.locks.src.core.verbs.set")
local setDecide = ____set.setDecide
local ____stateid = require("libs.locks.src.core.verbs.stateid")
local stateidFree = ____stateid.stateidFree
local stateidTest = ____stateid.stateidTest
local ____streams = require("libs.locks.src.core.verbs.streams")
local serverList = ____streams.serverList
local streamsTell = ____streams.streamsTell
local ____subject = require("libs.locks.src.core.verbs.subject")
local subjectList = ____subject.subjectList
local subjectSet = ____subject.subjectSet
function hasLost(step, input)
    local ____step_7 = step
    local meta = ____step_7.meta
    local ____input_8 = input
    local seen = ____input_8.seen
    local minted = ____input_8.minted
    if minted == nil then
        minted = 0
    end
    local numbered = ____input_8.numbered
    if numbered == nil then
        numbered = 0
    end
    local followed = ____input_8.followed
    local gone = minted > meta.token
    if seen ~= nil and seen.epoch > 0 then
        local known = hasReached(step, seen) and hasMinted(step, seen.epoch, minted, numbered)
        if not known and noteGone(step, seen.epoch) then
            gone = true
        end
    end
    if followed ~= nil and followed.epoch > 0 then
        if not hasReached(step, followed) and noteGone(step, followed.epoch) then
            gone = true
        end
    end
    meta.token = math.max(meta.token, minted)
    meta.seq = math.max(meta.seq, numbered)
    return gone
end
local function identify(step, input)
    local ____step_0 = step
    local meta = ____step_0.meta
    local ____input_1 = input
    local seen = ____input_1.seen
    local limits = ____input_1.limits
    local identity = ____input_1.identity
    local opening = ____input_1.opening
    if opening == nil then
        opening = identity
    end
    local salt = ____input_1.salt
    if salt == nil then
        salt = 0
    end
    local fresh = meta.identity == ""
    if fresh and input.mustExist == true then
        return {
            epoch = 0,
            records = 0,
            restored = false,
            fresh = fresh,
            shards = 1
        }
    end
    if fresh and input.shards ~= nil then
        meta.shard = input.shard
        meta.shards = input.shards
        if input.shards > 1 then
            meta.format = formatOfShards
        end
    end
    local lost = hasLost(step, input)
    local restored = lost or not fresh and (meta.identity ~= identity or input.doubt == true)
    if meta.unattended == true then
        meta.backAt = step.now
    end
    meta.unattended = nil
    local ____temp_6 = seen and seen.epoch or 0
    local ____opt_4 = input.followed
    local above = math.max(____temp_6, ____opt_4 and ____opt_4.epoch or 0)
    if restored then
        beginAnew(step, above, salt)
    elseif meta.opening ~= opening then
        beginLife(step, above, salt)
    end
    step.changed = true
    meta.limits = limits
    meta.identity = identity
    meta.opening = opening
    local key = meta.key or input.key
    meta.key = key
    if restored then
        doubtAdapters(step)
    end
    if lost then
        beginGrace(step, fresh and 0 or meta.sessions, true)
    elseif restored then
        awaitReports(step, input)
    else
        reported(step, input.server)
    end
    return {
        epoch = meta.epoch,
        records = meta.records,
        key = key,
        restored = restored,
        fresh = fresh,
        shards = meta.shards or 1
    }
end
local function placeCheck(step, input)
    return {reached = leadsOnFrom(step, input)}
end
local verbs = {
    identify = identify,
    placeCheck = placeCheck,
    tick = tick,
    sessionCreate = sessionCreate,
    clientExchange = clientExchange,
    clientConfirm = clientConfirm,
    streamsTell = streamsTell,
    serverList = serverList,
    sessionGet = sessionGet,
    keepalive = keepalive,
    sessionEnd = sessionEnd,
    sessionList = sessionList,
    sessionEnter = sessionEnter,
    guestSet = guestSet,
    guestCheck = guestCheck,
    newsList = newsList,
    newsTold = newsTold,
    waitList = waitList,
    waitDrop = waitDrop,
    subjectSet = subjectSet,
    subjectList = subjectList,
    leaseAlloc = leaseAlloc,
    leaseSet = leaseSet,
    leaseAcquire = leaseAcquire,
    leaseUndo = leaseUndo,
    leaseGet = leaseGet,
    leaseList = leaseList,
    leaseFree = leaseFree,
    stateidTest = stateidTest,
    stateidFree = stateidFree,
    openCreate = openCreate,
    openSet = openSet,
    openGet = openGet,
    openClose = openClose,
    delegationWant = delegationWant,
    delegationUntold = delegationUntold,
    attributesAsk = attributesAsk,
    attributesTell = attributesTell,
    attributesRecall = attributesRecall,
    rangeLock = rangeLock,
    rangeUnlock = rangeUnlock,
    rangeTest = rangeTest,
    rangeCancel = rangeCancel,
    rangeGet = rangeGet,
    rangeDrop = rangeDrop,
    fileChange = fileChange,
    changeCancel = changeCancel,
    changeReport = changeReport,
    connect = connect,
    connectionGet = connectionGet,
    connectionList = connectionList,
    connectionHangup = connectionHangup,
    disconnect = disconnect,
    dlmLock = dlmLock,
    dlmConvert = dlmConvert,
    dlmCancel = dlmCancel,
    dlmUnlock = dlmUnlock,
    dlmGet = dlmGet,
    dlmList = dlmList,
    resourceGet = resourceGet,
    permitTake = permitTake,
    permitGet = permitGet,
    permitDrop = permitDrop,
    permitCheck = permitCheck,
    setDecide = setDecide,
    waitGet = waitGet,
    reclaimComplete = reclaimComplete,
    exportGrace = exportGrace,
    graceGet = graceGet,
    fenceGet = fenceGet,
    fenceCheck = fenceCheck,
    lockRelease = lockRelease,
    lockBreak = lockBreak,
    lockGet = lockGet,
    lockList = lockList,
    exportDeclare = exportDeclare,
    exportList = exportList,
    exportCopy = exportCopy,
    exportFollow = exportFollow,
    operationAlone = operationAlone,
    exportPut = exportPut,
    exportTouch = exportTouch,
    exportCount = exportCount,
    stackPut = stackPut,
    stackList = stackList,
    regionPut = regionPut,
    regionList = regionList,
    nodePut = nodePut,
    nodeList = nodeList,
    itemRemove = itemRemove,
    dependentList = dependentList,
    pinAdd = pinAdd,
    pinGet = pinGet,
    pinDrop = pinDrop,
    exportHangup = exportHangup,
    exportResume = exportResume,
    adapterStop = adapterStop,
    operationGet = operationGet,
    operationList = operationList,
    nodeBeat = nodeBeat,
    subscribe = subscribe,
    unsubscribe = unsubscribe,
    noticeAck = noticeAck,
    unboundList = unboundList,
    fileBind = fileBind,
    register = register,
    heartbeat = heartbeat,
    deregister = deregister,
    holdReport = holdReport,
    holdAnswered = holdAnswered,
    rangesAnswered = rangesAnswered,
    fileserverBreak = fileserverBreak,
    fileserverLost = fileserverLost,
    nameList = nameList,
    fileMoved = fileMoved,
    fileDetached = fileDetached
}
local tickItems = 64
local tickBudget = 256
local requestItems = 4
local requestBudget = 64
function ____exports.run(rows, verb, input, short)
    if short == nil then
        short = false
    end
    local flag = verbFlags[verb]
    local reads = flag == "read"
    local step = beginStep(rows, verb == "tick" and tickBudget or requestBudget, short)
    if not reads then
        settleDue(step, verb == "tick" and tickItems or requestItems, verb == "tick")
    end
    local worn = (flag == "grow" or flag == "break") and usedUp(step)
    local value = worn and refuse("numbers_used_up") or verbs[verb](step, input)
    if not reads then
        endStep(step)
    end
    local ____step_meta_9 = step.meta
    local epoch = ____step_meta_9.epoch
    local records = ____step_meta_9.records
    local token = ____step_meta_9.token
    local seq = ____step_meta_9.seq
    return {
        value = value,
        asks = step.asks,
        measured = step.measured,
        rangeAsks = step.rangeAsks,
        reached = {epoch = epoch, no = records, token = token, seq = seq}
    }
end
return ____exports
 end,
["libs.locks.src.core.shapes"] = function(...)
local ____exports = {}
local function shape()
    return function(fields, defaults, twins)
        local names = fields
        local placeOf = {}
        do
            local at = 0
            while at < #names do
                placeOf[names[at + 1]] = at + 1
                at = at + 1
            end
        end
        return {fields = names, placeOf = placeOf, defaults = defaults, twins = twins or ({})}
    end
end
local twins = {fileId = "path", owner = "sessionId"}
____exports.shapes = {
    meta = shape()({
        "epoch",
        "lives",
        "gone",
        "restoredIn",
        "token",
        "seq",
        "records",
        "subscriptions",
        "wall",
        "skew",
        "backAt",
        "pace",
        "clocks",
        "identity",
        "opening",
        "key",
        "limits",
        "sessions",
        "graceUntil",
        "graceUpTo",
        "graceWaits",
        "graceNo",
        "lostUpTo",
        "unattended",
        "servers",
        "held",
        "subjects",
        "firstDue",
        "recoverUntil",
        "unheard",
        "courteous",
        "askedUpTo",
        "wholeIn",
        "format",
        "endedIn",
        "endedBytes",
        "endedBefore",
        "graces",
        "shard",
        "shards"
    }, {
        epoch = 0,
        token = 0,
        seq = 0,
        records = 0,
        wall = 0,
        skew = 0,
        sessions = 0,
        graceUntil = 0,
        graceUpTo = 0,
        graceWaits = 0
    }),
    session = shape()({
        "no",
        "digest",
        "ttlMs",
        "expires",
        "due",
        "state",
        "rows",
        "delegations",
        "ended",
        "streams",
        "revoked",
        "clientKey",
        "bound",
        "reclaimedIn",
        "node",
        "pid",
        "label",
        "tenant",
        "subject",
        "counted",
        "countedTenant",
        "client",
        "verifier",
        "principal",
        "unconfirmed",
        "complete",
        "courtesyMs",
        "courtesyNo",
        "siftAfter",
        "taken",
        "skippedIn",
        "askedBackAt",
        "resumedIn",
        "completeNo",
        "shards",
        "newsNo",
        "emptying",
        "guest"
    }, {
        no = 0,
        ttlMs = 0,
        expires = 0,
        due = 0,
        rows = 0,
        delegations = 0,
        revoked = 0,
        reclaimedIn = 0,
        pid = 0
    }),
    lease = shape()({
        "no",
        "sessionId",
        "owner",
        "ownerKey",
        "clientKey",
        "fileKey",
        "exportName",
        "path",
        "fileId",
        "inode",
        "pid",
        "waitNo",
        "spared",
        "due",
        "type",
        "state",
        "pendingType",
        "pendingBreakNo",
        "grantNo",
        "token",
        "body",
        "once",
        "fenced",
        "delegation",
        "seqid",
        "waitType",
        "cause",
        "exportNo",
        "placeholder",
        "asked",
        "toldHi",
        "toldLo",
        "request",
        "maxHoldMs",
        "endsAt",
        "times",
        "notify",
        "turnNo"
    }, {
        type = "none",
        pendingBreakNo = 0,
        grantNo = 0,
        token = 0,
        once = false,
        fenced = false,
        delegation = false,
        seqid = 0,
        no = 0,
        pid = 0,
        waitNo = 0,
        due = 0
    }, twins),
    open = shape()({
        "no",
        "sessionId",
        "owner",
        "ownerKey",
        "clientKey",
        "fileKey",
        "exportName",
        "path",
        "fileId",
        "inode",
        "pid",
        "waitNo",
        "spared",
        "due",
        "access",
        "deny",
        "seqid",
        "state",
        "toAccess",
        "toDeny",
        "body",
        "want",
        "signal",
        "reclaim",
        "offerId",
        "delegationId",
        "whyNot",
        "willSignal",
        "parts",
        "toParts",
        "request",
        "push",
        "willPush",
        "times"
    }, {
        seqid = 0,
        no = 0,
        pid = 0,
        waitNo = 0,
        due = 0
    }, twins),
    ended = shape()({
        "no",
        "body",
        "how",
        "request",
        "sessionId",
        "adopted",
        "taken"
    }, {no = 0}),
    range = shape()({
        "no",
        "sessionId",
        "owner",
        "ownerKey",
        "clientKey",
        "fileKey",
        "exportName",
        "path",
        "fileId",
        "inode",
        "pid",
        "waitNo",
        "spared",
        "due",
        "class",
        "type",
        "startHi",
        "startLo",
        "endHi",
        "endLo",
        "state",
        "splitId",
        "claimMs",
        "body",
        "atOnce",
        "askedIn",
        "locked",
        "refusedBy",
        "askAfter"
    }, {
        startHi = 0,
        startLo = 0,
        endHi = 0,
        endLo = 0,
        no = 0,
        pid = 0,
        waitNo = 0,
        due = 0
    }, twins),
    change = shape()({
        "no",
        "sessionId",
        "owner",
        "ownerKey",
        "clientKey",
        "fileKey",
        "exportName",
        "path",
        "fileId",
        "inode",
        "pid",
        "waitNo",
        "spared",
        "due",
        "kind",
        "quietMs",
        "body",
        "notice",
        "reportMs",
        "announced"
    }, {
        quietMs = 0,
        no = 0,
        pid = 0,
        waitNo = 0,
        due = 0
    }, twins),
    dlm = shape()({
        "no",
        "sessionId",
        "owner",
        "ownerKey",
        "clientKey",
        "fileKey",
        "exportName",
        "path",
        "fileId",
        "inode",
        "pid",
        "waitNo",
        "spared",
        "due",
        "mode",
        "wants",
        "place",
        "grantNo",
        "token",
        "seqid",
        "told",
        "valblk",
        "alt",
        "nodlckwt",
        "persistent",
        "body",
        "read",
        "demoted",
        "altMode",
        "convdeadlk",
        "connection",
        "home",
        "tenant"
    }, {
        place = 0,
        grantNo = 0,
        token = 0,
        seqid = 0,
        no = 0,
        pid = 0,
        waitNo = 0,
        due = 0
    }, twins),
    connection = shape()({
        "no",
        "sessionId",
        "exportName",
        "state",
        "stack",
        "major",
        "minor",
        "node",
        "region",
        "walkAfter",
        "body"
    }, {no = 0, major = 0, minor = 0, walkAfter = 0}),
    share = shape()({
        "leaseId",
        "opens",
        "readOpens",
        "writeOpens",
        "denyReads",
        "denyWrites",
        "wanted",
        "wantedBy",
        "wantNo",
        "openId",
        "lockId",
        "wantId",
        "wantTimes",
        "wantNotify"
    }, {
        opens = 0,
        readOpens = 0,
        writeOpens = 0,
        denyReads = 0,
        denyWrites = 0
    }),
    lockState = shape()({
        "no",
        "sessionId",
        "owner",
        "ownerKey",
        "clientKey",
        "fileKey",
        "openId",
        "seqid",
        "request",
        "due",
        "unclaimed"
    }, {no = 0, seqid = 0, due = 0}),
    file = shape()({
        "no",
        "exportName",
        "fileId",
        "path",
        "inode",
        "reads",
        "writer",
        "delegReads",
        "writerDelegation",
        "pendingReads",
        "pendingWriter",
        "opens",
        "readOpens",
        "writeOpens",
        "denyReads",
        "denyWrites",
        "ranges",
        "levels",
        "waiting",
        "breakers",
        "wants",
        "coolUntil",
        "breakNo",
        "breaking",
        "revokedUpTo",
        "delegRevokedUpTo",
        "clearUpTo",
        "clearAfter",
        "clearCause",
        "voidPending",
        "morePending",
        "maxToken",
        "lockDelayUntil",
        "have",
        "mayHave",
        "holdGen",
        "ask",
        "askAfter",
        "fsBreak",
        "incarnation",
        "predecessor",
        "morePredecessors",
        "fence",
        "reclaim",
        "cookie",
        "detached",
        "toldTo",
        "tree",
        "unbound",
        "alias",
        "ending",
        "listed",
        "held",
        "unconfirmed",
        "due",
        "resource",
        "endedTo",
        "semaphore",
        "notified",
        "announced",
        "locked"
    }, {
        no = 0,
        reads = 0,
        delegReads = 0,
        writerDelegation = false,
        pendingReads = 0,
        opens = 0,
        readOpens = 0,
        writeOpens = 0,
        denyReads = 0,
        denyWrites = 0,
        ranges = 0,
        waiting = 0,
        breakers = 0,
        wants = 0,
        coolUntil = 0,
        breakNo = 0,
        revokedUpTo = 0,
        delegRevokedUpTo = 0,
        clearUpTo = 0,
        clearAfter = 0,
        morePending = false,
        maxToken = 0,
        lockDelayUntil = 0,
        have = "none",
        mayHave = "none",
        holdGen = 0,
        askAfter = 0,
        fence = false,
        detached = false,
        listed = false,
        held = false,
        unconfirmed = false,
        due = 0
    }, {fileId = "path"}),
    export = shape()({
        "no",
        "name",
        "stack",
        "local",
        "state",
        "version",
        "policy",
        "region",
        "own",
        "demand",
        "opening",
        "bound",
        "aliases",
        "stopped",
        "operation",
        "withoutBackend",
        "breakMs",
        "lockDelayMs",
        "breakLimitMs",
        "incarnation",
        "endpoint",
        "process",
        "cause",
        "fileSystem",
        "place",
        "yielded",
        "predecessors",
        "past",
        "seen",
        "reported",
        "walkAfter",
        "due",
        "unconfirmed",
        "delegations",
        "directories",
        "ancestry",
        "adapterKey",
        "connections",
        "",
        "lookedAt",
        "graceUntil",
        "graceNo",
        "graceOpen",
        "locksRanges",
        "doubts",
        "spread"
    }, {
        no = 0,
        ["local"] = false,
        version = 0,
        bound = 0,
        aliases = 0,
        breakMs = 0,
        lockDelayMs = 0,
        breakLimitMs = 0,
        seen = 0,
        reported = false,
        due = 0,
        unconfirmed = 0,
        delegations = 0,
        directories = false
    }),
    stack = shape()({
        "no",
        "version",
        "description",
        "prefix",
        "policy",
        "operation"
    }, {no = 0, version = 0}),
    adapter = shape()({
        "no",
        "stack",
        "version",
        "major",
        "minor",
        "endpoint",
        "state",
        "left",
        "seen",
        "due",
        "operation",
        "silent"
    }, {
        no = 0,
        major = 0,
        minor = 0,
        seen = 0,
        due = 0
    }),
    region = shape()({
        "no",
        "version",
        "beatMs",
        "deadMs",
        "ackMs",
        "operation"
    }, {
        no = 0,
        version = 0,
        beatMs = 0,
        deadMs = 0,
        ackMs = 0
    }),
    node = shape()({
        "no",
        "version",
        "region",
        "description",
        "state",
        "phase",
        "incarnation",
        "past",
        "seen",
        "deadMs",
        "sessions",
        "lost",
        "walkAfter",
        "notice",
        "due",
        "operation",
        "left"
    }, {
        no = 0,
        version = 0,
        seen = 0,
        sessions = 0,
        lost = 0,
        walkAfter = 0,
        due = 0
    }),
    subscription = shape()({
        "no",
        "place",
        "region",
        "sessionId",
        "priority",
        "connection"
    }, {no = 0, priority = 0}),
    pin = shape()({
        "no",
        "on",
        "sessionId",
        "by",
        "because"
    }, {no = 0}),
    operation = shape()({
        "no",
        "kind",
        "of",
        "state",
        "phase",
        "startedWall",
        "endedWall",
        "deadline",
        "walkAfter",
        "part",
        "removed",
        "due",
        "requestsCancelled",
        "leasesBroken",
        "leasesRevoked",
        "opensClosed",
        "rangesReleased",
        "sessionsEnded",
        "pinsDropped",
        "elsewhere"
    }, {
        no = 0,
        startedWall = 0,
        endedWall = 0,
        deadline = 0,
        due = 0,
        requestsCancelled = 0,
        leasesBroken = 0,
        leasesRevoked = 0,
        opensClosed = 0,
        rangesReleased = 0,
        sessionsEnded = 0,
        pinsDropped = 0
    }),
    alias = shape()({"fileKey"}, {}),
    server = shape()({
        "due",
        "heardIn",
        "no",
        "format",
        "release",
        "library"
    }, {due = 0}),
    subject = shape()({
        "no",
        "sessions",
        "rows",
        "waits",
        "limits",
        "lookedAt"
    }, {no = 0, sessions = 0, rows = 0, waits = 0}),
    orphans = shape()({"count"}, {count = 0}),
    client = shape()({"confirmed", "unconfirmed", "ending"}, {}),
    permit = shape()({
        "no",
        "sessionId",
        "owner",
        "ownerKey",
        "clientKey",
        "fileKey",
        "exportName",
        "path",
        "fileId",
        "inode",
        "pid",
        "waitNo",
        "spared",
        "due",
        "token",
        "body",
        "maxHoldMs",
        "endsAt"
    }, {
        token = 0,
        no = 0,
        pid = 0,
        waitNo = 0,
        due = 0
    }, twins)
}
____exports.recordShape = shape()({
    "no",
    "epoch",
    "wall",
    "kind",
    "turn",
    "leaseId",
    "sessionId",
    "owner",
    "ownerKey",
    "fileKey",
    "exportName",
    "path",
    "type",
    "token",
    "grantNo",
    "cause",
    "upTo",
    "delegations",
    "survivor",
    "survivorGrantNo",
    "reason",
    "breakId",
    "target",
    "deadlineWall",
    "exempt",
    "only",
    "openId",
    "access",
    "waitId",
    "rangeId",
    "what",
    "cycle",
    "askId",
    "times",
    "attributes",
    "item",
    "pinId",
    "notice",
    "lockId",
    "mode",
    "seqid",
    "read",
    "demoted",
    "altMode",
    "connectionId",
    "acknowledge",
    "endsWall",
    "keep",
    "announced",
    "change",
    "waitNo",
    "ranges"
}, {}, {owner = "sessionId"})
return ____exports
 end,
["libs.locks.src.table.redis.lua.redis-rows"] = function(...)
local ____exports = {}
local damaged, packedList, unpacked, remember, want, wantNamed, decode, damagedMark, laterMark, pack, unpackLimit, format, formatPlace, longList, shortList, valuesMax, keptRows, kept, inherited, rowsKey, input, places, named, kindAt, idAt, nameAt, bytesAt, rowAt, changedAt, lasting
local ____format = require("libs.locks.src.core.format")
local formatFirst = ____format.formatFirst
local formatNewest = ____format.formatNewest
local formatOf = ____format.formatOf
local formatOfTwins = ____format.formatOfTwins
local ____keys = require("libs.locks.src.core.keys")
local share = ____keys.share
local ____shapes = require("libs.locks.src.core.shapes")
local recordShape = ____shapes.recordShape
local shapes = ____shapes.shapes
function ____exports.refuseLater(later)
    if later > formatNewest then
        error(
            laterMark .. format("%d", later),
            0
        )
    end
end
function damaged(key, what)
    error(((damagedMark .. key) .. " ") .. what, 0)
end
function packedList(list, size)
    local ____list_4 = list
    local values = ____list_4.values
    do
        local at = size + 1
        while at <= list.size do
            values[at] = nil
            at = at + 1
        end
    end
    list.size = size
    return pack(values)
end
function unpacked(kind, bytes)
    local first = string.byte(bytes, 1) or 0
    if first ~= longList and (first <= shortList or first >= shortList + 16) then
        return nil
    end
    local from = first == longList and 3 or 1
    local all = {pcall(unpackLimit, bytes, valuesMax, from)}
    local size = #all
    if all[1] ~= true or all[2] ~= -1 or size % 2 ~= 0 then
        return nil
    end
    local ____shapes_kind_7 = shapes[kind]
    local fields = ____shapes_kind_7.fields
    local defaults = ____shapes_kind_7.defaults
    local twins = ____shapes_kind_7.twins
    local row = {}
    local begins = 2
    if all[begins + 1] == formatPlace then
        ____exports.refuseLater(all[begins + 1 + 1])
        begins = begins + 2
    end
    do
        local at = begins
        while at < size do
            local place = all[at + 1]
            row[fields[place] or place] = all[at + 1 + 1]
            at = at + 2
        end
    end
    for name, twin in pairs(twins) do
        if row[name] == true then
            row[name] = row[twin]
        end
    end
    local meta = inherited[kind] or ({__index = defaults})
    inherited[kind] = meta
    return setmetatable(row, meta)
end
function remember(name, bytes, row)
    if kept.lastBytes[name] == nil then
        keptRows = keptRows + 1
    end
    kept.lastBytes[name] = bytes
    kept.lastRow[name] = row
end
function want(kind, id)
    local ofKind = places[kind]
    if ofKind == nil then
        ofKind = {}
        places[kind] = ofKind
    end
    local known = ofKind[id]
    if known ~= nil then
        return known
    end
    local at = named
    ofKind[id] = at
    kindAt[at + 1] = kind
    idAt[at + 1] = id
    nameAt[at + 1] = (kind .. ":") .. id
    changedAt[at + 1] = false
    named = at + 1
    return at
end
function wantNamed(of)
    local ____of_8 = of
    local sessionId = ____of_8.sessionId
    local leaseId = ____of_8.leaseId
    local openId = ____of_8.openId
    local fileKey = ____of_8.fileKey
    local exportName = ____of_8.exportName
    if sessionId ~= nil then
        want("session", sessionId)
    end
    if leaseId ~= nil then
        want("lease", leaseId)
    end
    if openId ~= nil then
        want("open", openId)
    end
    if exportName ~= nil then
        want("export", exportName)
    end
    if fileKey == nil then
        return
    end
    want("file", fileKey)
    local ownerKey = of.ownerKey or input.ownerKey
    if ownerKey ~= nil then
        want(
            "share",
            share(fileKey, ownerKey)
        )
    end
end
function decode(at)
    local kind = kindAt[at + 1]
    local id = idAt[at + 1]
    local name = nameAt[at + 1]
    local bytes = bytesAt[at + 1]
    local row = unpacked(kind, bytes) or damaged(rowsKey, name)
    rowAt[at + 1] = row
    if lasting[kind] == true then
        remember(name, bytes, row)
    end
    if id == input.leaseId or id == input.openId then
        wantNamed(row)
    end
    return row
end
damagedMark = "LEASEHOLD_DAMAGED "
laterMark = "LEASEHOLD_FORMAT "
local call
local sub
local entered = false
function ____exports.enter()
    if entered then
        return
    end
    entered = true
    call = redis.call
    pack = cmsgpack.pack
    unpackLimit = cmsgpack.unpack_limit
    format = string.format
    sub = string.sub
end
local anyRow = {values = {}, size = 0}
local ownRow = {values = {}, size = 0}
local written = formatFirst
formatPlace = 0
local noTwins = {}
local function packed(shape, row)
    local ____shape_0 = shape
    local placeOf = ____shape_0.placeOf
    local defaults = ____shape_0.defaults
    local values = anyRow.values
    local twins = written < formatOfTwins and noTwins or shape.twins
    local size = 0
    if written > formatFirst then
        values[1] = formatPlace
        values[2] = written
        size = 2
    end
    for name, value in pairs(row) do
        if value ~= defaults[name] then
            values[size + 1] = placeOf[name] or name
            size = size + 2
            local twin = twins[name]
            local ____values_2 = values
            local ____size_3 = size
            local ____temp_1
            if twin ~= nil and value == row[twin] then
                ____temp_1 = true
            else
                ____temp_1 = value
            end
            ____values_2[____size_3] = ____temp_1
        end
    end
    return packedList(anyRow, size)
end
longList = 220
shortList = 144
valuesMax = 1000
local function withoutHead(bytes)
    return sub(
        bytes,
        string.byte(bytes, 1) == longList and 4 or 2
    )
end
local still = {"limits", "identity", "opening", "key"}
local function nothingKept()
    return {
        stillRow = {},
        stillBytes = "",
        stillCount = 0,
        stillFormat = formatFirst,
        marked = formatFirst,
        lastBytes = {},
        lastRow = {}
    }
end
local keptOf = {}
local keptRoots = 0
keptRows = 0
local keptRootsMax = 64
local keptRowsMax = 4000
kept = nothingKept()
local function sameStill(row)
    if kept.stillCount == 0 or kept.stillFormat ~= written then
        return false
    end
    for ____, name in ipairs(still) do
        if row[name] ~= kept.stillRow[name] then
            return false
        end
    end
    return true
end
local function packedMeta(shape, row)
    if not sameStill(row) then
        local stillRow = {}
        for ____, name in ipairs(still) do
            stillRow[name] = row[name]
        end
        kept.stillRow = stillRow
        kept.stillBytes = withoutHead(packed(shape, stillRow))
        kept.stillCount = anyRow.size
        kept.stillFormat = written
    end
    local ____kept_5 = kept
    local stillRow = ____kept_5.stillRow
    local stillBytes = ____kept_5.stillBytes
    local stillCount = ____kept_5.stillCount
    local ____shape_6 = shape
    local placeOf = ____shape_6.placeOf
    local defaults = ____shape_6.defaults
    local values = ownRow.values
    local size = 0
    for name, value in pairs(row) do
        if value ~= defaults[name] and stillRow[name] == nil then
            values[size + 1] = placeOf[name] or name
            size = size + 2
            values[size] = value
        end
    end
    local bytes = withoutHead(packedList(ownRow, size))
    local count = size + stillCount
    return (string.char(
        longList,
        math.floor(count / 256),
        count % 256
    ) .. stillBytes) .. bytes
end
inherited = {}
function ____exports.convert(root, kind)
    local key = (root .. ":") .. kind
    local readable, found = pcall(
        call,
        "HSCAN",
        key,
        "0",
        "COUNT",
        500
    )
    if not readable then
        return false
    end
    local entries = found[2]
    do
        local at = 0
        while at < #entries do
            local id = entries[at + 1]
            local whole, row = pcall(cmsgpack.unpack, entries[at + 1 + 1])
            if not whole or type(row) ~= "table" then
                damaged(key, id)
            end
            call(
                "HSET",
                root .. ":rows",
                (kind .. ":") .. id,
                packed(shapes[kind], row)
            )
            call("HDEL", key, id)
            at = at + 2
        end
    end
    if kind == "meta" then
        call("SET", key, "converting")
    end
    return #entries > 0
end
local atOnce = 1000
local root = ""
rowsKey = ""
local wall = 0
local clock = {name = "", ms = 0}
input = {}
places = {}
named = 0
kindAt = {}
idAt = {}
nameAt = {}
bytesAt = {}
rowAt = {}
changedAt = {}
local readUpTo = 0
local records = {}
local moves = 0
local moveList = {}
local moveMember = {}
local moveScore = {}
local moveOut = {}
local early = {}
lasting = {meta = true, export = true, session = true}
local function forgetLasting()
    kept.lastBytes = {}
    kept.lastRow = {}
end
local work = 0
____exports.worked = function() return work end
local function read()
    local from = readUpTo
    local count = named - from
    if count == 0 then
        return
    end
    work = work + count
    readUpTo = named
    local ____kept_9 = kept
    local lastBytes = ____kept_9.lastBytes
    local lastRow = ____kept_9.lastRow
    local readable, values = pcall(
        call,
        "HMGET",
        rowsKey,
        unpack(nameAt, from + 1, named)
    )
    if not readable then
        damaged(rowsKey, nameAt[from + 1])
    end
    do
        local nth = 0
        while nth < count do
            local bytes = values[nth + 1]
            local at = from + nth
            bytesAt[at + 1] = bytes
            if bytes == false then
                rowAt[at + 1] = false
            else
                local name = nameAt[at + 1]
                if lastBytes[name] == bytes then
                    rowAt[at + 1] = lastRow[name]
                end
            end
            nth = nth + 1
        end
    end
end
local function fetched(at)
    if at >= readUpTo then
        read()
    end
    local ____rowAt_index_10 = rowAt[at + 1]
    if ____rowAt_index_10 == nil then
        ____rowAt_index_10 = decode(at)
    end
    local row = ____rowAt_index_10
    local ____temp_11
    if row == false then
        ____temp_11 = nil
    else
        ____temp_11 = row
    end
    return ____temp_11
end
local function touch(kind, id, row)
    work = work + 1
    local at = want(kind, id)
    if at >= readUpTo then
        if at > readUpTo then
            read()
        else
            readUpTo = named
        end
    end
    rowAt[at + 1] = row
    changedAt[at + 1] = true
end
local function forgetNamed()
    do
        local at = 0
        while at < named do
            local ofKind = places[kindAt[at + 1]]
            ofKind[idAt[at + 1]] = nil
            rowAt[at + 1] = nil
            at = at + 1
        end
    end
    named = 0
    readUpTo = 0
end
local function keyOf(list)
    return (root .. ":i:") .. list
end
local function note(list, member, score, out)
    moveList[moves + 1] = list
    moveMember[moves + 1] = member
    moveScore[moves + 1] = score
    moveOut[moves + 1] = out
    moves = moves + 1
end
local function move(final)
    work = work + moves
    do
        local at = 0
        while at < moves do
            local list = keyOf(moveList[at + 1])
            local member = moveMember[at + 1]
            local score = moveScore[at + 1]
            local out = moveOut[at + 1] == true
            local ____out_12
            if out then
                ____out_12 = call("ZREM", list, member)
            else
                ____out_12 = call(
                    "ZADD",
                    list,
                    format("%d", score),
                    member
                )
            end
            local did = ____out_12
            if not final and did == 1 then
                early[#early + 1] = {list = list, member = member, score = score, out = out}
            end
            at = at + 1
        end
    end
    moves = 0
end
local function settled(list)
    do
        local at = 0
        while at < moves do
            if moveList[at + 1] == list then
                move(false)
                break
            end
            at = at + 1
        end
    end
    return keyOf(list)
end
____exports.rows = {
    wall = function() return wall end,
    monotonic = function() return clock end,
    get = function(self, kind, id)
        local ofKind = places[kind]
        local ____temp_13
        if ofKind == nil then
            ____temp_13 = nil
        else
            ____temp_13 = ofKind[id]
        end
        local at = ____temp_13 or want(kind, id)
        local row = rowAt[at + 1]
        local ____temp_15
        if row == nil then
            ____temp_15 = fetched(at)
        else
            local ____temp_14
            if row == false then
                ____temp_14 = nil
            else
                ____temp_14 = row
            end
            ____temp_15 = ____temp_14
        end
        return ____temp_15
    end,
    put = function(self, kind, id, row)
        touch(kind, id, row)
    end,
    del = function(self, kind, id)
        touch(kind, id, false)
    end,
    link = function(self, list, member, score)
        note(list, member, score, false)
    end,
    unlink = function(self, list, member, score)
        note(list, member, score, true)
    end,
    page = function(self, list, after, upTo, limit)
        local members = call(
            "ZRANGEBYSCORE",
            settled(list),
            "(" .. format("%.0f", after),
            upTo,
            "WITHSCORES",
            "LIMIT",
            0,
            limit
        )
        local entries = {}
        do
            local at = 0
            while at < #members do
                entries[#entries + 1] = {
                    member = members[at + 1],
                    score = tonumber(members[at + 1 + 1])
                }
                at = at + 2
            end
        end
        return entries
    end,
    span = function(self, list, from, to, limit)
        return call(
            "ZRANGEBYLEX",
            settled(list),
            "[" .. from,
            "(" .. to,
            "LIMIT",
            0,
            limit
        )
    end,
    record = function(self, row)
        records[#records + 1] = row
    end,
    digits = function(____, n) return format("%.0f", n) end,
    padded = function(____, n) return format("%010.0f", n) end,
    letter = function(____, member) return sub(member, 1, 1) end,
    idOf = function(____, member) return sub(member, 3) end,
    size = function(____, text) return string.len(text) end,
    begins = function(____, text, prefix) return sub(
        text,
        1,
        string.len(prefix)
    ) == prefix end,
    tail = function(____, text, n) return sub(text, n + 1) end
}
local underWay = false
local function turnTo(key)
    root = key
    rowsKey = key .. ":rows"
    local found = keptOf[key]
    if keptRows > keptRowsMax or found == nil and keptRoots == keptRootsMax then
        keptOf = {}
        keptRoots = 0
        keptRows = 0
        found = nil
    end
    if found == nil then
        found = nothingKept()
        keptOf[key] = found
        keptRoots = keptRoots + 1
    end
    kept = found
end
function ____exports.begin(key, now, monotonic, given)
    if underWay then
        forgetLasting()
    end
    if key ~= root or keptRows > keptRowsMax then
        turnTo(key)
    end
    underWay = true
    wall = now
    clock = monotonic
    input = given
    forgetNamed()
    records = {}
    early = {}
    moves = 0
    want("meta", "shard")
    wantNamed(given)
    if given.item ~= nil then
        wantNamed(given.item)
    end
    if given.file ~= nil then
        wantNamed(given.file)
        if given.openId ~= nil then
            want("ended", given.openId)
        end
    end
    read()
    if bytesAt[1] == false then
        kept.marked = 0
    end
end
function ____exports.undo()
    do
        local at = #early - 1
        while at >= 0 do
            local ____early_index_16 = early[at + 1]
            local list = ____early_index_16.list
            local member = ____early_index_16.member
            local score = ____early_index_16.score
            local out = ____early_index_16.out
            if out then
                call(
                    "ZADD",
                    list,
                    format("%d", score),
                    member
                )
            else
                call("ZREM", list, member)
            end
            at = at - 1
        end
    end
end
local goneNames = {}
local putPairs = {}
function ____exports.flush()
    local meta = ____exports.rows:get("meta", "shard")
    written = meta == nil and formatFirst or formatOf(meta)
    if written ~= kept.marked and changedAt[1] == true then
        call("SET", root .. ":meta", written)
        kept.marked = written
    end
    move(true)
    local gone = 0
    local put = 0
    do
        local at = 0
        while at < named do
            if changedAt[at + 1] == true then
                local kind = kindAt[at + 1]
                local name = nameAt[at + 1]
                local row = rowAt[at + 1]
                if row == false then
                    goneNames[gone + 1] = name
                    gone = gone + 1
                else
                    local shape = shapes[kind]
                    local bytes = kind == "meta" and packedMeta(shape, row) or packed(shape, row)
                    putPairs[put + 1] = name
                    putPairs[put + 1 + 1] = bytes
                    put = put + 2
                    if lasting[kind] == true then
                        remember(name, bytes, row)
                    end
                end
                if gone == atOnce then
                    call(
                        "HDEL",
                        rowsKey,
                        unpack(goneNames, 1, gone)
                    )
                    gone = 0
                end
                if put == atOnce then
                    call(
                        "HSET",
                        rowsKey,
                        unpack(putPairs, 1, put)
                    )
                    put = 0
                end
            end
            at = at + 1
        end
    end
    if gone > 0 then
        call(
            "HDEL",
            rowsKey,
            unpack(goneNames, 1, gone)
        )
    end
    if put > 0 then
        call(
            "HSET",
            rowsKey,
            unpack(putPairs, 1, put)
        )
    end
    for ____, record in ipairs(records) do
        call(
            "XADD",
            root .. ":log",
            "MAXLEN",
            "~",
            100000,
            format("%d", record.no) .. "-0",
            "r",
            packed(recordShape, record)
        )
    end
    underWay = false
end
return ____exports
 end,
["libs.locks.src.table.redis.lua.serve"] = function(...)
local ____exports = {}
local takeOver, failureOf, wallClock, workMax, root, wall, monotonic
local ____format = require("libs.locks.src.core.format")
local formatOf = ____format.formatOf
local ____redis_2Drows = require("libs.locks.src.table.redis.lua.redis-rows")
local begin = ____redis_2Drows.begin
local convert = ____redis_2Drows.convert
local enter = ____redis_2Drows.enter
local flush = ____redis_2Drows.flush
local refuseLater = ____redis_2Drows.refuseLater
local rows = ____redis_2Drows.rows
local undo = ____redis_2Drows.undo
local worked = ____redis_2Drows.worked
function takeOver(keys, args)
    enter()
    return convert(keys[1], args[1]) and "more" or ""
end
function failureOf(thrown)
    local text = type(thrown) == "table" and thrown.err or thrown
    return "ERR user_function: " .. text
end
function wallClock(given)
    if given ~= "" then
        return tonumber(given)
    end
    local time = redis.call("TIME")
    return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
function ____exports.register(rules)
    local function step(verb, packed, how)
        local input = cmsgpack.unpack(packed)
        begin(root, wall, monotonic, input)
        local meta = rows:get("meta", "shard")
        if meta ~= nil then
            refuseLater(formatOf(meta))
        end
        local done, reply = pcall(
            rules,
            rows,
            verb,
            input,
            how == "short"
        )
        if not done then
            undo()
            error(reply, 0)
        end
        flush()
        return cmsgpack.pack(reply)
    end
    local function serve(keys, args)
        enter()
        root = keys[1]
        monotonic = {
            name = args[1],
            ms = tonumber(args[2])
        }
        wall = wallClock(args[3])
        local begunAt = worked()
        local answers = {}
        local count = #args
        do
            local at = 3
            while at < count do
                if worked() - begunAt > workMax then
                    break
                end
                local done, answer = pcall(step, args[at + 1], args[at + 1 + 1], args[at + 2 + 1])
                answers[#answers + 1] = done and answer or ({err = failureOf(answer)})
                at = at + 3
            end
        end
        return answers
    end
    redis.register_function({function_name = libraryName .. "_read", callback = serve, flags = {"no-writes"}})
    redis.register_function({function_name = libraryName .. "_grow", callback = serve, flags = {}})
    redis.register_function({function_name = libraryName .. "_settle", callback = serve, flags = {"allow-oom"}})
    redis.register_function({function_name = libraryName .. "_convert", callback = takeOver, flags = {"allow-oom"}})
end
workMax = 1500
root = ""
wall = 0
monotonic = {name = "", ms = 0}
return ____exports
 end,
["libs.locks.src.table.redis.lua.library"] = function(...)
local ____exports = {}
local ____run = require("libs.locks.src.core.run")
local run = ____run.run
local ____serve = require("libs.locks.src.table.redis.lua.serve")
local register = ____serve.register
register(run)
return ____exports
 end,
}
local ____entry = require("libs.locks.src.table.redis.lua.library", ...)
return ____entry
`;
