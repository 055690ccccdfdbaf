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
["libs.locks.src.core.rows"] = function(...)
local ____exports = {}
return ____exports
 end,
["libs.locks.src.core.conflict"] = function(...)
local ____exports = {}
function ____exports.rank(____type)
    if ____type == "write" then
        return 2
    end
    return ____type == "read" and 1 or 0
end
function ____exports.stronger(a, b)
    return ____exports.rank(a) >= ____exports.rank(b) and a or b
end
function ____exports.weaker(a, b)
    return ____exports.rank(a) <= ____exports.rank(b) and a or b
end
function ____exports.writes(access)
    return access ~= "read"
end
function ____exports.liveType(file)
    if file.writer ~= nil then
        return "write"
    end
    return file.reads > 0 and "read" or "none"
end
function ____exports.wantedHold(file)
    if file.pendingWriter ~= nil then
        return "write"
    end
    return ____exports.stronger(
        ____exports.liveType(file),
        file.pendingReads > 0 and "read" or "none"
    )
end
function ____exports.leaseRefusal(file, share, leaseId, own, ____type, now)
    if file.writer ~= nil and file.writer ~= leaseId then
        return "lease_conflict"
    end
    if file.pendingWriter ~= nil and file.pendingWriter ~= leaseId then
        return "lease_conflict"
    end
    if ____type == "write" then
        local ownReads = own ~= nil and own.state == "active" and own.type == "read" and 1 or 0
        if file.reads > ownReads or file.pendingReads > 0 then
            return "lease_conflict"
        end
        if file.opens > share.opens then
            return "open_conflict"
        end
    elseif file.writeOpens > 0 then
        return "open_conflict"
    end
    if file.fence then
        return "fencing"
    end
    if file.breaking ~= nil and file.breaking.target == "none" then
        return "break_started"
    end
    if file.waiting > 0 then
        return "breaker_queued"
    end
    if file.quietUntil > now then
        return "lock_delay"
    end
    return nil
end
function ____exports.openTarget(file, own, access)
    local ownLive = own ~= nil and own.state == "active" and own.type or "none"
    local otherWriter = file.writer ~= nil and ownLive ~= "write"
    if not ____exports.writes(access) then
        return otherWriter and "read" or nil
    end
    local otherReads = file.reads > (ownLive == "read" and 1 or 0)
    return (otherWriter or otherReads) and "none" or nil
end
function ____exports.openVoidsPending(file, own, access)
    local ownPendingWrite = own ~= nil and own.pendingType == "write"
    if file.pendingWriter ~= nil and not ownPendingWrite then
        return true
    end
    return ____exports.writes(access) and file.pendingReads > 0
end
function ____exports.holdBlocks(file, access)
    local allowed = ____exports.stronger(
        ____exports.wantedHold(file),
        ____exports.writes(access) and "none" or "read"
    )
    return ____exports.rank(file.mayHave) > ____exports.rank(allowed)
end
return ____exports
 end,
["libs.locks.src.core.io"] = function(...)
local ____exports = {}
____exports.verbFlags = {
    identify = "settle",
    tick = "settle",
    sessionCreate = "grow",
    sessionGet = "settle",
    keepalive = "settle",
    sessionEnd = "settle",
    sessionList = "read",
    leaseAlloc = "grow",
    leaseSet = "settle",
    leaseAcquire = "grow",
    leaseUndo = "settle",
    leaseGet = "settle",
    leaseList = "settle",
    openCreate = "grow",
    openGet = "settle",
    openClose = "settle",
    fenceGet = "read",
    fenceCheck = "settle",
    lockRelease = "settle",
    lockBreak = "settle",
    lockList = "read",
    exportDeclare = "settle",
    exportList = "read",
    register = "settle",
    heartbeat = "settle",
    holdReport = "settle",
    holdAnswered = "settle",
    fileserverBreak = "settle",
    fileserverLost = "settle",
    fileDetached = "settle"
}
return ____exports
 end,
["libs.locks.src.core.step"] = function(...)
local ____exports = {}
local outageMs = 3000
local tickMs = 1000
local epochSize = 4294967296
local function freshMeta()
    return {
        epoch = 1,
        token = epochSize,
        seq = 0,
        records = 0,
        wall = 0,
        skew = 0,
        identity = "",
        sessions = 0,
        limits = {
            sessionRowsMax = 10000,
            sessionsMax = 100000,
            queueMax = 256,
            unusedMs = 60000,
            rememberMs = 60000,
            askMs = 5000,
            lostMs = 5000
        }
    }
end
function ____exports.beginStep(rows, budget)
    local meta = rows:get("meta", "shard") or freshMeta()
    local wall = rows:wall()
    local step = {
        rows = rows,
        meta = meta,
        wall = wall,
        now = 0,
        asks = {},
        budget = budget,
        changed = meta.wall == 0
    }
    local gap = wall - meta.wall
    if meta.wall ~= 0 and (gap < 0 or gap > outageMs) then
        meta.skew = meta.skew + gap
        step.changed = true
    end
    step.now = wall - meta.skew
    return step
end
function ____exports.endStep(step)
    local ____step_0 = step
    local meta = ____step_0.meta
    if not step.changed and step.wall - meta.wall < tickMs then
        return
    end
    meta.wall = step.wall
    step.rows:put("meta", "shard", meta)
end
function ____exports.nextSeq(step)
    local ____step_meta_1, ____seq_2 = step.meta, "seq"
    ____step_meta_1[____seq_2] = ____step_meta_1[____seq_2] + 1
    step.changed = true
    return step.meta.seq
end
function ____exports.passSeq(step, seen)
    if seen <= step.meta.seq then
        return
    end
    step.meta.seq = seen
    step.changed = true
end
function ____exports.mintToken(step)
    local ____step_meta_3, ____token_4 = step.meta, "token"
    ____step_meta_3[____token_4] = ____step_meta_3[____token_4] + 1
    step.changed = true
    return step.meta.token
end
function ____exports.raiseEpoch(step, above)
    local reached = math.floor(step.meta.token / epochSize)
    step.meta.epoch = math.max(reached, above) + 1
    step.meta.token = step.meta.epoch * epochSize
    step.changed = true
end
function ____exports.record(step, change)
    local ____step_meta_5, ____records_6 = step.meta, "records"
    ____step_meta_5[____records_6] = ____step_meta_5[____records_6] + 1
    step.changed = true
    step.rows:record({
        kind = change.kind,
        no = step.meta.records,
        epoch = step.meta.epoch,
        wall = step.wall,
        sessionId = change.sessionId,
        leaseId = change.leaseId,
        openId = change.openId,
        fileKey = change.fileKey,
        exportName = change.exportName,
        path = change.path,
        owner = change.owner,
        ownerKey = change.ownerKey,
        type = change.type,
        access = change.access,
        token = change.token,
        grantNo = change.grantNo,
        turn = change.turn,
        reason = change.reason,
        cause = change.cause,
        breakId = change.breakId,
        target = change.target,
        upTo = change.upTo,
        deadlineWall = change.deadlineWall,
        exempt = change.exempt,
        only = change.only,
        survivor = change.survivor,
        survivorGrantNo = change.survivorGrantNo
    })
end
function ____exports.wallOf(step, time)
    return time + step.meta.skew
end
function ____exports.setDue(step, member, row, at)
    if row.due == at then
        return
    end
    if row.due ~= 0 then
        step.rows:unlink("due", member, row.due)
    end
    if at ~= 0 then
        step.rows:link("due", member, at)
    end
    row.due = at
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
["libs.locks.src.core.file"] = function(...)
local ____exports = {}
local countRow
local ____conflict = require("libs.locks.src.core.conflict")
local liveType = ____conflict.liveType
local rank = ____conflict.rank
local wantedHold = ____conflict.wantedHold
local ____step = require("libs.locks.src.core.step")
local earlier = ____step.earlier
local nextSeq = ____step.nextSeq
local record = ____step.record
local setDue = ____step.setDue
function ____exports.isRevoked(row, lease)
    if lease.state == "revoked" then
        return true
    end
    return row ~= nil and lease.state == "active" and lease.grantNo <= row.revokedUpTo
end
function ____exports.leaseChange(kind, id, lease)
    local live = kind == "granted" or kind == "downgraded"
    return {
        kind = kind,
        leaseId = id,
        sessionId = lease.sessionId,
        owner = lease.owner,
        ownerKey = lease.ownerKey,
        fileKey = lease.fileKey,
        exportName = lease.exportName,
        path = lease.path,
        type = live and lease.type or nil,
        token = live and lease.token or nil,
        grantNo = live and lease.grantNo or nil
    }
end
function ____exports.leaveSession(step, sessionId, member, no)
    step.rows:unlink("s:" .. sessionId, member, no)
    countRow(step, sessionId, -1)
end
function countRow(step, sessionId, by)
    local session = step.rows:get("session", sessionId)
    if session == nil then
        return
    end
    session.rows = session.rows + by
    step.rows:put("session", sessionId, session)
end
function ____exports.loadFile(step, key)
    local row = step.rows:get("file", key)
    if row == nil then
        return nil
    end
    local exp = step.rows:get("export", row.exportName)
    if exp == nil then
        return nil
    end
    return {key = key, row = row, exp = exp}
end
function ____exports.enterFile(step, ref, exp)
    local known = step.rows:get("file", ref.fileKey)
    if known ~= nil then
        return {key = ref.fileKey, row = known, exp = exp}
    end
    local row = {
        no = nextSeq(step),
        exportName = ref.exportName,
        fileId = ref.fileId,
        path = ref.path,
        inode = ref.inode,
        reads = 0,
        pendingReads = 0,
        opens = 0,
        writeOpens = 0,
        waiting = 0,
        breakNo = 0,
        revokedUpTo = 0,
        clearUpTo = 0,
        clearAfter = 0,
        maxToken = 0,
        quietUntil = 0,
        have = "none",
        mayHave = "none",
        holdGen = 0,
        askAfter = 0,
        incarnation = exp.incarnation,
        fence = false,
        detached = false,
        morePending = false,
        held = false,
        unsure = false,
        due = 0
    }
    return {key = ref.fileKey, row = row, exp = exp}
end
local function inUse(row, now)
    return row.reads > 0 or row.writer ~= nil or row.pendingReads > 0 or row.pendingWriter ~= nil or row.opens > 0 or row.waiting > 0 or row.breaking ~= nil or row.clearUpTo > 0 or row.voidPending ~= nil or row.morePending or row.quietUntil > now or row.ask ~= nil or row.ghost ~= nil or row.mayHave ~= "none" or row.have ~= "none"
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
    if row.quietUntil > now then
        due = earlier(due, row.quietUntil)
    end
    if row.voidPending ~= nil or row.morePending or row.clearUpTo > 0 and not row.fence then
        due = earlier(due, now)
    end
    return due
end
local function isUnsure(row)
    return row.ask ~= nil or row.ghost ~= nil or row.have ~= row.mayHave or row.mayHave ~= wantedHold(row)
end
function ____exports.saveFile(step, file)
    local ____file_0 = file
    local key = ____file_0.key
    local row = ____file_0.row
    local exp = ____file_0.exp
    local used = inUse(row, step.now)
    local held = not exp["local"] and (row.mayHave ~= "none" or row.have ~= "none" or row.ghost ~= nil or row.ask ~= nil)
    if held ~= row.held then
        local list = "h:" .. row.exportName
        if held then
            step.rows:link(list, key, row.no)
        else
            step.rows:unlink(list, key, row.no)
        end
        row.held = held
    end
    local unsure = used and not exp["local"] and isUnsure(row)
    if unsure ~= row.unsure then
        exp.unconfirmed = exp.unconfirmed + (unsure and 1 or -1)
        step.rows:put("export", exp.name, exp)
        row.unsure = unsure
    end
    setDue(
        step,
        "f:" .. key,
        row,
        used and nextDue(row, step.now) or 0
    )
    if used then
        step.rows:put("file", key, row)
    else
        step.rows:del("file", key)
    end
end
local function shareId(fileKey, ownerKey)
    return (fileKey .. ":") .. ownerKey
end
function ____exports.shareOf(step, fileKey, ownerKey)
    return step.rows:get(
        "share",
        shareId(fileKey, ownerKey)
    ) or ({opens = 0, writeOpens = 0})
end
function ____exports.saveShare(step, fileKey, ownerKey, share)
    local id = shareId(fileKey, ownerKey)
    if share.leaseId == nil and share.opens == 0 then
        step.rows:del("share", id)
    else
        step.rows:put("share", id, share)
    end
end
function ____exports.ownLease(step, file, share)
    if share.leaseId == nil then
        return nil
    end
    local lease = step.rows:get("lease", share.leaseId)
    if lease == nil or ____exports.isRevoked(file.row, lease) then
        return nil
    end
    return (lease.state == "active" or lease.state == "pending") and lease or nil
end
function ____exports.needsFence(file)
    return not file.exp["local"] and (file.row.ghost ~= nil or rank(file.row.mayHave) > rank(liveType(file.row)))
end
function ____exports.finishLease(step, id, lease, state, cause)
    local ____step_1 = step
    local rows = ____step_1.rows
    if lease.grantNo > 0 then
        rows:unlink("f:" .. lease.fileKey, id, lease.token)
    end
    if lease.pendingType ~= nil then
        rows:unlink("p:" .. lease.fileKey, id, lease.no)
    end
    local share = ____exports.shareOf(step, lease.fileKey, lease.ownerKey)
    if share.leaseId == id then
        share.leaseId = nil
        ____exports.saveShare(step, lease.fileKey, lease.ownerKey, share)
    end
    ____exports.leaveSession(step, lease.sessionId, "l:" .. id, lease.no)
    lease.state = state
    lease.pendingType = nil
    lease.cause = cause
    setDue(step, "l:" .. id, lease, step.now + step.meta.limits.rememberMs)
    rows:put("lease", id, lease)
    local change = ____exports.leaseChange(state, id, lease)
    change.cause = cause
    record(step, change)
end
function ____exports.forgetLease(step, id, lease)
    step.rows:unlink("all", "l:" .. id, lease.no)
    step.rows:unlink("x:" .. lease.fileKey, "l:" .. id, lease.no)
    setDue(step, "l:" .. id, lease, 0)
    step.rows:del("lease", id)
end
function ____exports.forgetOpen(step, id, open)
    step.rows:unlink("all", "o:" .. id, open.no)
    step.rows:unlink("x:" .. open.fileKey, "o:" .. id, open.no)
    step.rows:unlink((open.state == "open" and "o:" or "w:") .. open.fileKey, id, open.no)
    setDue(step, "o:" .. id, open, 0)
    ____exports.leaveSession(step, open.sessionId, "o:" .. id, open.no)
    step.rows:del("open", id)
end
function ____exports.enterLists(step, member, sessionId, fileKey)
    local no = nextSeq(step)
    step.rows:link("all", member, no)
    step.rows:link("x:" .. fileKey, member, no)
    step.rows:link("s:" .. sessionId, member, no)
    countRow(step, sessionId, 1)
    return no
end
return ____exports
 end,
["libs.locks.src.core.break"] = function(...)
local ____exports = {}
local ____conflict = require("libs.locks.src.core.conflict")
local liveType = ____conflict.liveType
local openTarget = ____conflict.openTarget
local rank = ____conflict.rank
local ____file = require("libs.locks.src.core.file")
local finishLease = ____file.finishLease
local isRevoked = ____file.isRevoked
local leaseChange = ____file.leaseChange
local needsFence = ____file.needsFence
local ownLease = ____file.ownLease
local shareOf = ____file.shareOf
local ____step = require("libs.locks.src.core.step")
local earlier = ____step.earlier
local mintToken = ____step.mintToken
local nextSeq = ____step.nextSeq
local record = ____step.record
local wallOf = ____step.wallOf
function ____exports.retoken(step, file, id, lease)
    local list = "f:" .. file.key
    if lease.grantNo > 0 then
        step.rows:unlink(list, id, lease.token)
    end
    lease.token = mintToken(step)
    if lease.grantNo == 0 then
        lease.grantNo = lease.token
    end
    file.row.maxToken = lease.token
    step.rows:link(list, id, lease.token)
end
function ____exports.isBreaking(row, lease)
    local running = row.breaking
    if running == nil or lease.state ~= "active" or isRevoked(row, lease) then
        return false
    end
    if lease.grantNo > running.upTo or rank(lease.type) <= rank(running.target) then
        return false
    end
    return lease.ownerKey ~= running.exempt
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
    local ____file_0 = file
    local row = ____file_0.row
    row.breakNo = nextSeq(step)
    if row.pendingReads == 0 and row.pendingWriter == nil then
        return
    end
    row.pendingReads = 0
    row.pendingWriter = nil
    row.voidPending = reason
end
local function announce(step, file, running, only, deadline)
    local ____record_10 = record
    local ____step_9 = step
    local ____file_key_2 = file.key
    local ____file_row_exportName_3 = file.row.exportName
    local ____file_row_path_4 = file.row.path
    local ____running_breakId_5 = running.breakId
    local ____running_target_6 = running.target
    local ____running_upTo_7 = running.upTo
    local ____running_cause_8 = running.cause
    local ____temp_1
    if deadline == 0 then
        ____temp_1 = nil
    else
        ____temp_1 = wallOf(step, deadline)
    end
    ____record_10(____step_9, {
        kind = "break",
        fileKey = ____file_key_2,
        exportName = ____file_row_exportName_3,
        path = ____file_row_path_4,
        breakId = ____running_breakId_5,
        target = ____running_target_6,
        upTo = ____running_upTo_7,
        cause = ____running_cause_8,
        deadlineWall = ____temp_1,
        exempt = running.exempt,
        only = only
    })
end
local shortenedMs = 500
function ____exports.startBreak(step, file, target, cause, exempt, enforced)
    local ____file_11 = file
    local row = ____file_11.row
    local exp = ____file_11.exp
    local own = exp.breakMs == 0 and 0 or step.now + exp.breakMs
    local running = row.breaking
    if running == nil or rank(target) < rank(running.target) then
        local limit = running == nil and enforced or earlier(running.enforced, enforced)
        ____exports.voidPending(step, file, "open_conflict")
        local begun = {
            breakId = "b" .. step.rows:digits(row.breakNo),
            upTo = step.meta.token,
            target = target,
            deadline = earlier(own, limit),
            cause = cause,
            exempt = exempt,
            enforced = limit,
            lateDeadline = 0
        }
        row.breaking = begun
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
    if running.exempt ~= nil and running.exempt ~= exempt then
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
local function sparedLease(step, file, ownerKey)
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
local function endBreak(step, file)
    local ____file_12 = file
    local row = ____file_12.row
    local running = row.breaking
    if running == nil then
        return
    end
    local above = row.writer ~= nil and 1 or 0
    if running.target == "none" then
        above = above + row.reads
    end
    if above > 0 then
        local spared = sparedLease(step, file, running.exempt)
        if spared ~= nil and rank(spared.type) > rank(running.target) then
            above = above - 1
        end
    end
    if above == 0 then
        row.breaking = nil
    end
end
function ____exports.downgrade(step, file, id, lease, cause)
    local ____file_13 = file
    local row = ____file_13.row
    row.writer = nil
    row.reads = row.reads + 1
    lease.type = "read"
    ____exports.retoken(step, file, id, lease)
    step.rows:put("lease", id, lease)
    local change = leaseChange("downgraded", id, lease)
    change.cause = cause
    record(step, change)
end
function ____exports.revokeAll(step, file, survivorKey, cause)
    local ____file_14 = file
    local row = ____file_14.row
    local survivor = sparedLease(step, file, survivorKey)
    local ____temp_15
    if survivor == nil then
        ____temp_15 = nil
    else
        ____temp_15 = shareOf(step, file.key, survivor.ownerKey).leaseId
    end
    local survivorId = ____temp_15
    if row.reads + (row.writer == nil and 0 or 1) <= (survivor == nil and 0 or 1) then
        return
    end
    local upTo = step.meta.token
    row.revokedUpTo = upTo
    row.clearUpTo = upTo
    row.clearAfter = 0
    row.clearCause = cause
    row.maxToken = mintToken(step)
    row.reads = 0
    row.writer = nil
    if survivor ~= nil and survivorId ~= nil then
        survivor.grantNo = mintToken(step)
        if survivor.type == "write" then
            row.writer = survivorId
        else
            row.reads = 1
        end
        step.rows:put("lease", survivorId, survivor)
    end
    ____exports.voidPending(step, file, "lease_conflict")
    row.fence = needsFence(file)
    local ____record_23 = record
    local ____step_22 = step
    local ____file_key_18 = file.key
    local ____row_exportName_19 = row.exportName
    local ____row_path_20 = row.path
    local ____upTo_21 = upTo
    local ____temp_16
    if survivor == nil then
        ____temp_16 = nil
    else
        ____temp_16 = survivor.ownerKey
    end
    local ____temp_17
    if survivor == nil then
        ____temp_17 = nil
    else
        ____temp_17 = survivor.grantNo
    end
    ____record_23(____step_22, {
        kind = "revoked",
        fileKey = ____file_key_18,
        exportName = ____row_exportName_19,
        path = ____row_path_20,
        upTo = ____upTo_21,
        survivor = ____temp_16,
        survivorGrantNo = ____temp_17,
        cause = cause
    })
end
function ____exports.force(step, file, target, survivorKey, cause)
    local ____file_24 = file
    local row = ____file_24.row
    if target == "none" then
        ____exports.revokeAll(step, file, survivorKey, cause)
        return
    end
    if row.writer == nil then
        return
    end
    local lease = step.rows:get("lease", row.writer)
    if lease ~= nil then
        ____exports.downgrade(
            step,
            file,
            row.writer,
            lease,
            cause
        )
    end
end
local function lapse(step, file)
    local ____file_25 = file
    local row = ____file_25.row
    local running = row.breaking
    if running == nil or running.deadline == 0 or step.now < running.deadline then
        return
    end
    local late = running.late
    local lateRuns = late ~= nil and step.now < running.lateDeadline
    local spared = lateRuns and late or running.exempt
    ____exports.force(
        step,
        file,
        running.target,
        spared,
        "deadline"
    )
    local ____lateRuns_26
    if lateRuns then
        ____lateRuns_26 = sparedLease(step, file, late)
    else
        ____lateRuns_26 = nil
    end
    local lateLease = ____lateRuns_26
    if lateLease == nil then
        row.breaking = nil
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
    local ____file_27 = file
    local row = ____file_27.row
    if row.clearUpTo == 0 or row.fence or step.budget <= 0 then
        return
    end
    local limit = math.min(____exports.clearPerStep, step.budget)
    local page = step.rows:page("f:" .. file.key, row.clearAfter, row.clearUpTo, limit)
    for ____, entry in ipairs(page) do
        local lease = step.rows:get("lease", entry.member)
        if lease ~= nil and lease.grantNo <= row.revokedUpTo then
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
    if #page < limit then
        row.clearUpTo = 0
        row.clearAfter = 0
        row.clearCause = nil
    end
end
function ____exports.conflictTarget(step, file, ownerKey, access)
    if liveType(file.row) == "none" then
        return nil
    end
    return openTarget(
        file.row,
        ownLease(
            step,
            file,
            shareOf(step, file.key, ownerKey)
        ),
        access
    )
end
return ____exports
 end,
["libs.locks.src.core.hold"] = function(...)
local ____exports = {}
local countPending, decidePending, ghostNamed, send, unanswered, reclaimed, askAgainMs
local ____break = require("libs.locks.src.core.break")
local clearPerStep = ____break.clearPerStep
local force = ____break.force
local retoken = ____break.retoken
local revokeAll = ____break.revokeAll
local voidPending = ____break.voidPending
local ____conflict = require("libs.locks.src.core.conflict")
local liveType = ____conflict.liveType
local rank = ____conflict.rank
local stronger = ____conflict.stronger
local wantedHold = ____conflict.wantedHold
local weaker = ____conflict.weaker
local ____file = require("libs.locks.src.core.file")
local forgetLease = ____file.forgetLease
local leaseChange = ____file.leaseChange
local leaveSession = ____file.leaveSession
local needsFence = ____file.needsFence
local saveShare = ____file.saveShare
local shareOf = ____file.shareOf
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local nextSeq = ____step.nextSeq
local passSeq = ____step.passSeq
local record = ____step.record
local setDue = ____step.setDue
function ____exports.grant(step, file, id, lease, ____type, turn)
    local ____file_1 = file
    local row = ____file_1.row
    if lease.state == "active" and lease.type == "read" then
        row.reads = row.reads - 1
    end
    if ____type == "write" then
        row.writer = id
    else
        row.reads = row.reads + 1
    end
    lease.type = ____type
    lease.state = "active"
    setDue(step, "l:" .. id, lease, 0)
    retoken(step, file, id, lease)
    step.rows:put("lease", id, lease)
    local change = leaseChange("granted", id, lease)
    change.turn = turn
    record(step, change)
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
    step.rows:unlink("p:" .. file.key, id, lease.no)
    if lease.pendingBreakNo == file.row.breakNo then
        countPending(file.row, id, lease.pendingType, -1)
    end
    lease.pendingType = nil
end
function ____exports.undo(step, file, id, lease, reason)
    ____exports.unintend(step, file, id, lease)
    if lease.state == "pending" then
        local share = shareOf(step, file.key, lease.ownerKey)
        if share.leaseId == id then
            share.leaseId = nil
            saveShare(step, file.key, lease.ownerKey, share)
        end
        if lease.once then
            leaveSession(step, lease.sessionId, "l:" .. id, lease.no)
            forgetLease(step, id, lease)
        else
            lease.state = "allocated"
            setDue(step, "l:" .. id, lease, step.now + step.meta.limits.unusedMs)
            step.rows:put("lease", id, lease)
        end
    else
        step.rows:put("lease", id, lease)
    end
    record(step, {
        kind = "undone",
        leaseId = id,
        sessionId = lease.sessionId,
        fileKey = file.key,
        reason = reason
    })
end
function decidePending(step, file, refusal)
    local ____file_2 = file
    local row = ____file_2.row
    row.morePending = false
    if row.voidPending == nil and row.pendingReads == 0 and row.pendingWriter == nil then
        return
    end
    local still = row.ask == nil and row.fsBreak == nil and row.reclaim == nil
    local covered = still and row.have or "none"
    if row.voidPending == nil and covered == "none" and refusal == nil then
        return
    end
    local decided = 0
    for ____, entry in ipairs(step.rows:page("p:" .. file.key, 0, endOfList, clearPerStep)) do
        do
            local __continue26
            repeat
                local lease = step.rows:get("lease", entry.member)
                if lease == nil or lease.pendingType == nil or lease.pendingType == "none" then
                    __continue26 = true
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
                    __continue26 = true
                    break
                end
                decided = decided + 1
                __continue26 = true
            until true
            if not __continue26 then
                break
            end
        end
    end
    row.morePending = decided == clearPerStep
    if not row.morePending then
        row.voidPending = nil
    elseif refusal ~= nil then
        voidPending(step, file, refusal)
    end
end
function ghostNamed(exp, incarnation)
    for ____, ghost in ipairs(exp.ghosts or ({})) do
        if ghost.incarnation == incarnation then
            return incarnation
        end
    end
    return nil
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
end
function ____exports.lostHold(step, file, cause)
    local ____file_row_13 = file.row
    local have = ____file_row_13.have
    if have ~= "write" and rank(liveType(file.row)) > rank(have) then
        force(
            step,
            file,
            have,
            nil,
            cause
        )
    end
end
function reclaimed(step, file, cookie)
    local ____file_14 = file
    local row = ____file_14.row
    local proven = row.have ~= "none" and cookie ~= nil and cookie == row.reclaim
    row.reclaim = nil
    if row.reads == 0 then
        return
    end
    if not proven then
        revokeAll(step, file, nil, "fileserver_lost")
        return
    end
    row.ghost = nil
    record(step, {kind = "reclaimed", fileKey = file.key, exportName = row.exportName, path = row.path})
end
askAgainMs = 1000
function ____exports.mayAsk(exp)
    return exp.state == "up" and exp.reported
end
function ____exports.holdSuffices(file, ____type)
    if file.exp["local"] then
        return true
    end
    local ____file_0 = file
    local row = ____file_0.row
    return rank(row.have) >= rank(____type) and row.ask == nil and row.fsBreak == nil and row.reclaim == nil
end
function ____exports.intend(step, file, id, lease, ____type)
    if lease.state == "allocated" then
        lease.state = "pending"
    end
    lease.pendingType = ____type
    lease.pendingBreakNo = file.row.breakNo
    setDue(step, "l:" .. id, lease, 0)
    step.rows:link("p:" .. file.key, id, lease.no)
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
    local ____temp_4
    if exp.ghosts == nil then
        ____temp_4 = nil
    else
        ____temp_4 = ghostNamed(exp, row.incarnation)
    end
    local ghost = ____temp_4
    local hadHold = row.mayHave ~= "none" or row.ghost ~= nil
    if hadHold and ghost ~= nil then
        row.ghost = row.incarnation
    end
    if not hadHold then
        row.ghost = nil
    end
    row.incarnation = exp.incarnation
    row.ask = nil
    row.fsBreak = nil
    row.askAfter = 0
    row.have = "none"
    row.mayHave = "none"
    voidPending(step, file, "no_backend")
    if row.writer ~= nil then
        revokeAll(step, file, nil, "fileserver_lost")
    elseif row.reads > 0 then
        row.reclaim = row.cookie or ""
    end
    if row.ghost ~= nil and row.reads == 0 then
        row.fence = true
    end
end
function ____exports.followAdapter(step, file)
    local ____file_5 = file
    local row = ____file_5.row
    local exp = ____file_5.exp
    if exp["local"] then
        return
    end
    if row.incarnation ~= exp.incarnation and ____exports.mayAsk(exp) then
        adopt(step, file)
    end
    if row.ghost ~= nil and ghostNamed(exp, row.ghost) == nil then
        row.ghost = nil
        row.fence = needsFence(file) and row.fence
    end
end
function ____exports.syncHold(step, file)
    local ____file_6 = file
    local row = ____file_6.row
    local exp = ____file_6.exp
    if exp["local"] then
        row.have = wantedHold(row)
        row.mayHave = row.have
        row.fence = false
        return
    end
    if row.ask ~= nil then
        if step.now < row.ask["until"] then
            return
        end
        unanswered(step, file, "fileserver_timeout")
    end
    if row.fence and not needsFence(file) then
        row.fence = false
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
    if not ____exports.mayAsk(exp) or row.incarnation ~= exp.incarnation or step.now < row.askAfter then
        return
    end
    local gen = nextSeq(step)
    row.ask = {gen = gen, type = goal, ["until"] = step.now + step.meta.limits.askMs}
    row.mayHave = stronger(row.mayHave, goal)
    row.have = weaker(row.have, goal)
    send(step, file, goal, gen)
end
function ____exports.releaseUnfenced(step, file)
    local ____file_7 = file
    local row = ____file_7.row
    local exp = ____file_7.exp
    row.fence = false
    row.ghost = nil
    row.ask = nil
    row.fsBreak = nil
    row.mayHave = weaker(
        row.mayHave,
        liveType(row)
    )
    row.have = weaker(row.have, row.mayHave)
    voidPending(step, file, "cancelled")
    if not exp["local"] and ____exports.mayAsk(exp) then
        send(
            step,
            file,
            row.mayHave,
            nextSeq(step)
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
    if input.failed ~= nil or input.have == nil then
        unanswered(step, file, input.failed or "fileserver_timeout")
        return true
    end
    local have = ask.lost == nil and input.have or weaker(ask.lost, input.have)
    row.ask = nil
    row.have = have
    row.mayHave = have
    row.holdGen = ask.gen
    if input.highestGen ~= nil then
        passSeq(step, input.highestGen)
    end
    if input.inode ~= nil then
        row.inode = input.inode
    end
    local short = rank(have) < rank(ask.type)
    row.askAfter = (have == ask.type or input.reason == "hold_gen_old") and 0 or step.now + askAgainMs
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
["libs.locks.src.core.answer"] = function(...)
local ____exports = {}
local ____break = require("libs.locks.src.core.break")
local breakView = ____break.breakView
local isBreaking = ____break.isBreaking
local ____conflict = require("libs.locks.src.core.conflict")
local writes = ____conflict.writes
local ____file = require("libs.locks.src.core.file")
local isRevoked = ____file.isRevoked
local ownLease = ____file.ownLease
local shareOf = ____file.shareOf
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
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
function ____exports.leaseView(step, id, lease)
    local file = step.rows:get("file", lease.fileKey)
    local exp = step.rows:get("export", lease.exportName)
    local state = ____exports.stateOf(file, lease)
    local live = state == "active" or state == "breaking"
    return {
        leaseId = id,
        sessionId = lease.sessionId,
        owner = lease.owner,
        exportName = lease.exportName,
        path = lease.path,
        fileKey = lease.fileKey,
        fileId = lease.fileId,
        ownerKey = lease.ownerKey,
        grantNo = lease.grantNo,
        type = (live or state == "fencing") and lease.type or "none",
        pendingType = lease.pendingType,
        state = state,
        token = lease.token,
        backed = live and exp ~= nil and not exp["local"] and exp.state == "up",
        ["break"] = state == "breaking" and file ~= nil and file.breaking ~= nil and breakView(step, file.breaking, lease.ownerKey) or nil
    }
end
function ____exports.refuse(reason)
    return {refused = {reason = reason}}
end
local blockersMax = 4
local function blockingList(reason)
    if reason == "open_conflict" then
        return "o:"
    end
    if reason == "breaker_queued" then
        return "w:"
    end
    local ____temp_0
    if reason == "lock_delay" then
        ____temp_0 = nil
    else
        ____temp_0 = "f:"
    end
    return ____temp_0
end
local function leaseBlocker(id, lease, file)
    local ____lease_1 = lease
    local sessionId = ____lease_1.sessionId
    local owner = ____lease_1.owner
    return {
        id = id,
        kind = "lease",
        sessionId = sessionId,
        owner = owner,
        type = lease.pendingType or lease.type,
        state = ____exports.stateOf(file, lease)
    }
end
local function openBlocker(id, open)
    local ____open_2 = open
    local sessionId = ____open_2.sessionId
    local owner = ____open_2.owner
    return {
        id = id,
        kind = "open",
        sessionId = sessionId,
        owner = owner,
        type = open.access,
        state = open.state
    }
end
local function blockersIn(step, file, list, ownerKey, ____type)
    local found = {}
    local opens = list == "o:" or list == "w:"
    for ____, entry in ipairs(step.rows:page(list .. file.key, 0, endOfList, 4 * blockersMax)) do
        if #found >= blockersMax then
            break
        end
        if opens then
            local open = step.rows:get("open", entry.member)
            local ____temp_4 = open ~= nil
            if ____temp_4 then
                local ____temp_3
                if ____type == "read" then
                    ____temp_3 = writes(open.access)
                else
                    ____temp_3 = open.ownerKey ~= ownerKey
                end
                ____temp_4 = ____temp_3
            end
            if ____temp_4 then
                found[#found + 1] = openBlocker(entry.member, open)
            end
        else
            local lease = step.rows:get("lease", entry.member)
            if lease ~= nil and lease.ownerKey ~= ownerKey then
                found[#found + 1] = leaseBlocker(entry.member, lease, file.row)
            end
        end
    end
    return found
end
local function blockerCount(step, file, list, ownerKey, ____type)
    local ____file_5 = file
    local row = ____file_5.row
    local share = shareOf(step, file.key, ownerKey)
    if list == "w:" then
        return row.waiting
    end
    if list == "o:" then
        return ____type == "read" and row.writeOpens or row.opens - share.opens
    end
    local own = ownLease(step, file, share)
    local live = row.reads + (row.writer == nil and 0 or 1)
    return live - (own ~= nil and own.state == "active" and 1 or 0)
end
function ____exports.explain(step, file, ownerKey, ____type, reason)
    local ____file_6 = file
    local row = ____file_6.row
    local refusal = {reason = reason}
    local list = blockingList(reason)
    if list ~= nil then
        local found = blockersIn(
            step,
            file,
            list,
            ownerKey,
            ____type
        )
        local count = blockerCount(
            step,
            file,
            list,
            ownerKey,
            ____type
        )
        if reason == "lease_conflict" and #found == 0 then
            found = blockersIn(
                step,
                file,
                "p:",
                ownerKey,
                ____type
            )
            count = row.pendingReads + (row.pendingWriter == nil and 0 or 1)
        end
        if #found > 0 then
            refusal.blockers = found
        end
        refusal.blockerCount = math.max(count, #found)
    end
    if row.breaking ~= nil then
        refusal["break"] = breakView(step, row.breaking, ownerKey)
        refusal.retryAfterMs = refusal["break"].remainingMs
    elseif row.quietUntil > step.now then
        refusal.retryAfterMs = row.quietUntil - step.now
    end
    return {refused = refusal}
end
return ____exports
 end,
["libs.locks.src.core.session"] = function(...)
local ____exports = {}
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local nextSeq = ____step.nextSeq
local record = ____step.record
local setDue = ____step.setDue
local wallOf = ____step.wallOf
local tombstoneMs = 600000
function ____exports.gate(step, sessionId, digest)
    local session = step.rows:get("session", sessionId)
    if session == nil then
        return {refused = {reason = "no_such_session"}}
    end
    if digest ~= nil and session.digest ~= digest then
        return {refused = {reason = "not_holder"}}
    end
    if session.state ~= "live" or session.expires <= step.now then
        return {refused = {reason = "session_expired"}}
    end
    return nil
end
function ____exports.roomFor(step, sessionId, n)
    local session = step.rows:get("session", sessionId)
    if session == nil then
        return {refused = {reason = "no_such_session"}}
    end
    if session.rows + n > step.meta.limits.sessionRowsMax then
        return {refused = {reason = "session_leases_max"}}
    end
    return nil
end
function ____exports.sessionView(step, id, session)
    local lapsed = session.state == "live" and session.expires <= step.now
    return {
        sessionId = id,
        ttlMs = session.ttlMs,
        expiresWall = wallOf(step, session.expires),
        state = lapsed and "expiring" or (session.state == "ending" and "ended" or session.state),
        node = session.node,
        pid = session.pid,
        label = session.label,
        rows = session.rows
    }
end
function ____exports.sessionCreate(step, input)
    if step.meta.sessions >= step.meta.limits.sessionsMax then
        return {refused = {reason = "sessions_max"}}
    end
    local ____step_meta_0, ____sessions_1 = step.meta, "sessions"
    ____step_meta_0[____sessions_1] = ____step_meta_0[____sessions_1] + 1
    local session = {
        no = nextSeq(step),
        digest = input.digest,
        ttlMs = input.ttlMs,
        expires = step.now + input.ttlMs,
        due = 0,
        state = "live",
        rows = 0,
        node = input.node,
        pid = input.pid,
        label = input.label
    }
    setDue(step, "s:" .. input.sessionId, session, session.expires)
    step.rows:link("sessions", input.sessionId, session.no)
    step.rows:put("session", input.sessionId, session)
    return {session = ____exports.sessionView(step, input.sessionId, session)}
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
    local refused = ____exports.gate(step, input.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    local session = step.rows:get("session", input.sessionId)
    if session == nil then
        return {refused = {reason = "no_such_session"}}
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
    local ____sessions_3 = sessions
    local ____temp_2
    if #page < input.limit then
        ____temp_2 = nil
    else
        ____temp_2 = after
    end
    return {sessions = ____sessions_3, after = ____temp_2}
end
function ____exports.bury(step, id, session)
    local expired = session.state == "expiring"
    session.state = expired and "expired" or "ended"
    local ____step_meta_4, ____sessions_5 = step.meta, "sessions"
    ____step_meta_4[____sessions_5] = ____step_meta_4[____sessions_5] - 1
    step.changed = true
    setDue(
        step,
        "s:" .. id,
        session,
        step.now + math.max(tombstoneMs, 2 * session.ttlMs)
    )
    step.rows:put("session", id, session)
    record(step, {kind = "expired", sessionId = id, cause = session.state})
end
function ____exports.forgetSession(step, id, session)
    setDue(step, "s:" .. id, session, 0)
    step.rows:unlink("sessions", id, session.no)
    step.rows:del("session", id)
end
return ____exports
 end,
["libs.locks.src.core.settle"] = function(...)
local ____exports = {}
local ____break = require("libs.locks.src.core.break")
local clearRevoked = ____break.clearRevoked
local conflictTarget = ____break.conflictTarget
local freshen = ____break.freshen
local startBreak = ____break.startBreak
local voidPending = ____break.voidPending
local ____conflict = require("libs.locks.src.core.conflict")
local holdBlocks = ____conflict.holdBlocks
local openVoidsPending = ____conflict.openVoidsPending
local writes = ____conflict.writes
local ____file = require("libs.locks.src.core.file")
local forgetOpen = ____file.forgetOpen
local ownLease = ____file.ownLease
local saveFile = ____file.saveFile
local saveShare = ____file.saveShare
local shareOf = ____file.shareOf
local ____hold = require("libs.locks.src.core.hold")
local commitPending = ____hold.commitPending
local followAdapter = ____hold.followAdapter
local syncHold = ____hold.syncHold
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local record = ____step.record
local setDue = ____step.setDue
function ____exports.clearWay(step, file, open)
    local ____file_0 = file
    local row = ____file_0.row
    local own = ownLease(
        step,
        file,
        shareOf(step, file.key, open.ownerKey)
    )
    local target = conflictTarget(step, file, open.ownerKey, open.access)
    if target ~= nil then
        startBreak(
            step,
            file,
            target,
            "open",
            open.ownerKey,
            0
        )
    end
    if openVoidsPending(row, own, open.access) then
        voidPending(step, file, "open_conflict")
    end
    local fenced = row.fence and (writes(open.access) or row.ghost ~= nil)
    return target == nil and not holdBlocks(row, open.access) and not fenced
end
function ____exports.admitOpen(step, file, id, open, turn)
    local ____file_1 = file
    local row = ____file_1.row
    local share = shareOf(step, file.key, open.ownerKey)
    share.opens = share.opens + 1
    row.opens = row.opens + 1
    if writes(open.access) then
        share.writeOpens = share.writeOpens + 1
        row.writeOpens = row.writeOpens + 1
    end
    saveShare(step, file.key, open.ownerKey, share)
    if open.state == "waiting" then
        step.rows:unlink("w:" .. file.key, id, open.no)
        row.waiting = row.waiting - 1
    end
    open.state = "open"
    setDue(step, "o:" .. id, open, 0)
    step.rows:link("o:" .. file.key, id, open.no)
    step.rows:put("open", id, open)
    record(step, {
        kind = "opened",
        openId = id,
        sessionId = open.sessionId,
        owner = open.owner,
        fileKey = file.key,
        exportName = open.exportName,
        path = open.path,
        access = open.access,
        turn = turn
    })
end
function ____exports.removeOpen(step, file, id, open, reason)
    local ____file_2 = file
    local row = ____file_2.row
    local waited = open.state == "waiting"
    if waited then
        row.waiting = row.waiting - 1
    else
        local share = shareOf(step, file.key, open.ownerKey)
        share.opens = share.opens - 1
        row.opens = row.opens - 1
        if writes(open.access) then
            share.writeOpens = share.writeOpens - 1
            row.writeOpens = row.writeOpens - 1
        end
        saveShare(step, file.key, open.ownerKey, share)
    end
    forgetOpen(step, id, open)
    record(step, {
        kind = waited and "dropped" or "closed",
        openId = id,
        sessionId = open.sessionId,
        fileKey = file.key,
        reason = reason
    })
end
local function serveQueue(step, file)
    if file.row.waiting == 0 then
        return
    end
    local page = step.rows:page("w:" .. file.key, 0, endOfList, file.row.waiting)
    for ____, entry in ipairs(page) do
        local open = step.rows:get("open", entry.member)
        if open ~= nil and ____exports.clearWay(step, file, open) then
            ____exports.admitOpen(
                step,
                file,
                entry.member,
                open,
                true
            )
        end
    end
end
function ____exports.bringUp(step, file)
    followAdapter(step, file)
    freshen(step, file)
end
function ____exports.settleFile(step, file)
    ____exports.bringUp(step, file)
    commitPending(step, file)
    syncHold(step, file)
    serveQueue(step, file)
    freshen(step, file)
    commitPending(step, file)
    clearRevoked(step, file)
    syncHold(step, file)
    saveFile(step, file)
end
return ____exports
 end,
["libs.locks.src.core.lease"] = function(...)
local ____exports = {}
local pidOf, refusal, take, tellRevoked, dropLive, decideSet, refresh
local ____answer = require("libs.locks.src.core.answer")
local explain = ____answer.explain
local leaseView = ____answer.leaseView
local refuse = ____answer.refuse
local stateOf = ____answer.stateOf
local ____break = require("libs.locks.src.core.break")
local breakView = ____break.breakView
local downgrade = ____break.downgrade
local ____conflict = require("libs.locks.src.core.conflict")
local leaseRefusal = ____conflict.leaseRefusal
local liveType = ____conflict.liveType
local rank = ____conflict.rank
local ____file = require("libs.locks.src.core.file")
local enterFile = ____file.enterFile
local enterLists = ____file.enterLists
local finishLease = ____file.finishLease
local isRevoked = ____file.isRevoked
local loadFile = ____file.loadFile
local needsFence = ____file.needsFence
local ownLease = ____file.ownLease
local saveShare = ____file.saveShare
local shareOf = ____file.shareOf
local ____hold = require("libs.locks.src.core.hold")
local grant = ____hold.grant
local holdSuffices = ____hold.holdSuffices
local intend = ____hold.intend
local mayAsk = ____hold.mayAsk
local undo = ____hold.undo
local unintend = ____hold.unintend
local ____session = require("libs.locks.src.core.session")
local gate = ____session.gate
local roomFor = ____session.roomFor
local ____settle = require("libs.locks.src.core.settle")
local bringUp = ____settle.bringUp
local settleFile = ____settle.settleFile
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local mintToken = ____step.mintToken
local setDue = ____step.setDue
function pidOf(step, sessionId)
    local session = step.rows:get("session", sessionId)
    return session == nil and 0 or session.pid
end
function refusal(step, file, id, ownerKey, ____type)
    local share = shareOf(step, file.key, ownerKey)
    local own = ownLease(step, file, share)
    if own ~= nil and share.leaseId ~= id then
        return {refused = {reason = "owner_has_lease", leaseId = share.leaseId}}
    end
    local reason = leaseRefusal(
        file.row,
        share,
        id,
        own,
        ____type,
        step.now
    )
    if reason ~= nil then
        return explain(
            step,
            file,
            ownerKey,
            ____type,
            reason
        )
    end
    return not file.exp["local"] and not mayAsk(file.exp) and refuse("no_backend") or nil
end
function take(step, file, id, lease, ____type)
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
            false
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
function tellRevoked(step, file, id, lease)
    if not isRevoked(file.row, lease) then
        return false
    end
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
    if tellRevoked(step, file, id, lease) then
        return
    end
    unintend(step, file, id, lease)
    if lease.state == "active" then
        dropLive(file.row, lease)
    end
    finishLease(
        step,
        id,
        lease,
        "released",
        cause
    )
end
function dropLive(row, lease)
    if lease.type == "write" then
        row.writer = nil
    elseif lease.type == "read" then
        row.reads = row.reads - 1
    end
end
function decideSet(step, file, id, lease, input)
    local ____input_0 = input
    local ____type = ____input_0.type
    local state = stateOf(file.row, lease)
    if state == "revoked" or state == "fencing" then
        return refuse("lease_revoked")
    end
    if state == "released" then
        local ____temp_1
        if ____type == "none" then
            ____temp_1 = nil
        else
            ____temp_1 = refuse("lease_released")
        end
        return ____temp_1
    end
    if input.ifToken ~= nil and input.ifToken ~= lease.token then
        return refuse("token_old")
    end
    local ____temp_2
    if state == "breaking" then
        ____temp_2 = file.row.breaking
    else
        ____temp_2 = nil
    end
    local running = ____temp_2
    if input.breakId ~= nil and (running == nil or running.breakId ~= input.breakId) then
        return refuse("break_over")
    end
    if ____type == "none" then
        ____exports.letGo(
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
        local ____temp_3
        if lease.pendingType == ____type then
            ____temp_3 = nil
        else
            ____temp_3 = refuse("request_pending")
        end
        return ____temp_3
    end
    if lease.type == ____type or lease.pendingType == ____type then
        return nil
    end
    if state == "active" and ____type == "read" then
        unintend(step, file, id, lease)
        downgrade(
            step,
            file,
            id,
            lease,
            "holder"
        )
        return nil
    end
    local refused = refusal(
        step,
        file,
        id,
        lease.ownerKey,
        ____type
    )
    if refused == nil then
        take(
            step,
            file,
            id,
            lease,
            ____type
        )
    end
    return refused
end
function refresh(step, fileKey)
    local file = loadFile(step, fileKey)
    if file ~= nil and file.row.breaking ~= nil then
        settleFile(step, file)
    end
end
local function answer(step, id, lease)
    return {
        lease = leaseView(step, id, lease),
        pending = lease.pendingType ~= nil
    }
end
local function allocate(step, item, sessionId, pid, once)
    local lease = {
        no = enterLists(step, "l:" .. item.leaseId, sessionId, item.fileKey),
        sessionId = sessionId,
        owner = item.owner,
        ownerKey = item.ownerKey,
        fileKey = item.fileKey,
        exportName = item.exportName,
        path = item.path,
        fileId = item.fileId,
        inode = item.inode,
        pid = pid,
        type = "none",
        state = "allocated",
        pendingBreakNo = 0,
        grantNo = 0,
        token = 0,
        due = 0,
        once = once,
        fenced = false
    }
    if not once then
        setDue(step, "l:" .. item.leaseId, lease, step.now + step.meta.limits.unusedMs)
    end
    step.rows:put("lease", item.leaseId, lease)
    return lease
end
function ____exports.leaseAlloc(step, input)
    local refused = gate(step, input.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    for ____, item in ipairs(input.items) do
        if step.rows:get("export", item.exportName) == nil then
            return refuse("no_such_export")
        end
    end
    local full = roomFor(step, input.sessionId, #input.items)
    if full ~= nil then
        return full
    end
    local pid = pidOf(step, input.sessionId)
    local leases = {}
    for ____, item in ipairs(input.items) do
        leases[#leases + 1] = leaseView(
            step,
            item.leaseId,
            allocate(
                step,
                item,
                input.sessionId,
                pid,
                false
            )
        )
    end
    return {leases = leases}
end
function ____exports.leaseSet(step, input)
    local id = input.leaseId
    local lease = step.rows:get("lease", id)
    if lease == nil then
        return refuse("no_such_lease")
    end
    local refused = gate(step, lease.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    local exp = step.rows:get("export", lease.exportName)
    if exp == nil then
        return refuse("no_such_export")
    end
    local file = enterFile(step, lease, exp)
    bringUp(step, file)
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
    local ____input_4 = input
    local item = ____input_4.item
    local known = step.rows:get("lease", item.leaseId)
    if known ~= nil then
        if known.body ~= input.body then
            return refuse("id_reused_with_other_body")
        end
        return answer(step, item.leaseId, known)
    end
    local exp = step.rows:get("export", item.exportName)
    if exp == nil then
        return refuse("no_such_export")
    end
    local full = roomFor(step, input.sessionId, 1)
    if full ~= nil then
        return full
    end
    local file = enterFile(step, item, exp)
    bringUp(step, file)
    local verdict = refusal(
        step,
        file,
        item.leaseId,
        item.ownerKey,
        input.type
    )
    if verdict ~= nil then
        settleFile(step, file)
        return verdict
    end
    local lease = allocate(
        step,
        item,
        input.sessionId,
        pidOf(step, input.sessionId),
        true
    )
    lease.body = input.body
    take(
        step,
        file,
        item.leaseId,
        lease,
        input.type
    )
    settleFile(step, file)
    return answer(step, item.leaseId, lease)
end
function ____exports.leaseUndo(step, input)
    local lease = step.rows:get("lease", input.leaseId)
    if lease == nil then
        return {}
    end
    local file = loadFile(step, lease.fileKey)
    if file ~= nil then
        bringUp(step, file)
        if lease.pendingType ~= nil then
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
function ____exports.loseLease(step, file, id, lease, cause)
    local ____file_5 = file
    local row = ____file_5.row
    if tellRevoked(step, file, id, lease) then
        return
    end
    unintend(step, file, id, lease)
    if lease.state == "active" then
        dropLive(row, lease)
        row.maxToken = mintToken(step)
        if needsFence(file) and rank(row.mayHave) > rank(liveType(row)) then
            row.fence = true
            lease.fenced = true
        end
        if cause == "expired" and file.exp.lockDelayMs > 0 then
            row.quietUntil = step.now + file.exp.lockDelayMs
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
    refresh(step, lease.fileKey)
    return {lease = leaseView(step, input.leaseId, lease)}
end
function ____exports.leaseList(step, input)
    local refused = gate(step, input.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    local leases = {}
    local page = step.rows:page("s:" .. input.sessionId, input.after, endOfList, input.limit)
    local after
    for ____, entry in ipairs(page) do
        after = entry.score
        if step.rows:letter(entry.member) == "l" then
            local id = step.rows:idOf(entry.member)
            local lease = step.rows:get("lease", id)
            if lease ~= nil then
                leases[#leases + 1] = leaseView(step, id, lease)
            end
        end
    end
    local ____leases_7 = leases
    local ____temp_6
    if #page < input.limit then
        ____temp_6 = nil
    else
        ____temp_6 = after
    end
    return {leases = ____leases_7, after = ____temp_6}
end
function ____exports.fenceGet(step, input)
    local file = step.rows:get("file", input.fileKey)
    return {highestToken = (file == nil or file.maxToken == 0) and step.meta.token or file.maxToken}
end
function ____exports.fenceCheck(step, input)
    local file = loadFile(step, input.fileKey)
    if file == nil then
        return refuse("token_old")
    end
    settleFile(step, file)
    for ____, entry in ipairs(step.rows:page("f:" .. file.key, input.token - 1, input.token, 1)) do
        do
            local __continue76
            repeat
                local lease = step.rows:get("lease", entry.member)
                if lease == nil or lease.token ~= input.token then
                    __continue76 = true
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
            if not __continue76 then
                break
            end
        end
    end
    return refuse("token_old")
end
return ____exports
 end,
["libs.locks.src.core.open"] = function(...)
local ____exports = {}
local ____file = require("libs.locks.src.core.file")
local enterFile = ____file.enterFile
local enterLists = ____file.enterLists
local loadFile = ____file.loadFile
local ____answer = require("libs.locks.src.core.answer")
local explain = ____answer.explain
local refuse = ____answer.refuse
local ____session = require("libs.locks.src.core.session")
local gate = ____session.gate
local roomFor = ____session.roomFor
local ____settle = require("libs.locks.src.core.settle")
local admitOpen = ____settle.admitOpen
local bringUp = ____settle.bringUp
local clearWay = ____settle.clearWay
local removeOpen = ____settle.removeOpen
local settleFile = ____settle.settleFile
local ____step = require("libs.locks.src.core.step")
local setDue = ____step.setDue
function ____exports.dropOpen(step, id, open, reason)
    local file = loadFile(step, open.fileKey)
    if file == nil then
        return
    end
    removeOpen(
        step,
        file,
        id,
        open,
        reason
    )
    settleFile(step, file)
end
local function openView(id, open)
    return {
        openId = id,
        sessionId = open.sessionId,
        owner = open.owner,
        exportName = open.exportName,
        path = open.path,
        fileId = open.fileId,
        fileKey = open.fileKey,
        access = open.access,
        state = open.state
    }
end
local function answer(id, open)
    return {
        open = openView(id, open),
        waiting = open.state == "waiting"
    }
end
function ____exports.openCreate(step, input)
    local refused = gate(step, input.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    local known = step.rows:get("open", input.openId)
    if known ~= nil then
        return known.body == input.body and answer(input.openId, known) or refuse("id_reused_with_other_body")
    end
    local ref = input.file
    local exp = step.rows:get("export", ref.exportName)
    if exp == nil then
        return refuse("no_such_export")
    end
    local full = roomFor(step, input.sessionId, 1)
    if full ~= nil then
        return full
    end
    local file = enterFile(step, ref, exp)
    bringUp(step, file)
    local session = step.rows:get("session", input.sessionId)
    local open = {
        no = 0,
        sessionId = input.sessionId,
        owner = input.owner,
        ownerKey = input.ownerKey,
        fileKey = ref.fileKey,
        exportName = ref.exportName,
        path = ref.path,
        fileId = ref.fileId,
        inode = ref.inode,
        pid = session == nil and 0 or session.pid,
        access = input.access,
        state = "waiting",
        due = 0,
        body = input.body
    }
    local row = file.row
    local clear = clearWay(step, file, open)
    local queued = not clear and input.waitMs > 0 and row.waiting < step.meta.limits.queueMax
    if not clear and not queued then
        local reason = row.breaking ~= nil and "break_started" or "fencing"
        local verdict = explain(
            step,
            file,
            input.ownerKey,
            "none",
            input.waitMs > 0 and "queue_full" or reason
        )
        settleFile(step, file)
        return verdict
    end
    open.no = enterLists(step, "o:" .. input.openId, input.sessionId, file.key)
    step.rows:link("w:" .. file.key, input.openId, open.no)
    row.waiting = row.waiting + 1
    if clear then
        admitOpen(
            step,
            file,
            input.openId,
            open,
            false
        )
    else
        setDue(step, "o:" .. input.openId, open, step.now + input.waitMs)
        step.rows:put("open", input.openId, open)
    end
    settleFile(step, file)
    return answer(input.openId, open)
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
    return {open = openView(input.openId, open)}
end
function ____exports.openClose(step, input)
    local open = step.rows:get("open", input.openId)
    if open == nil then
        return refuse("no_such_open")
    end
    local refused = gate(step, open.sessionId, input.digest)
    if refused ~= nil then
        return refused
    end
    ____exports.dropOpen(step, input.openId, open, open.state == "waiting" and "cancelled" or "holder")
    return {closed = true}
end
return ____exports
 end,
["libs.locks.src.core.admin"] = function(...)
local ____exports = {}
local ____break = require("libs.locks.src.core.break")
local breakView = ____break.breakView
local startBreak = ____break.startBreak
local ____conflict = require("libs.locks.src.core.conflict")
local rank = ____conflict.rank
local ____file = require("libs.locks.src.core.file")
local forgetLease = ____file.forgetLease
local leaveSession = ____file.leaveSession
local loadFile = ____file.loadFile
local ____hold = require("libs.locks.src.core.hold")
local releaseUnfenced = ____hold.releaseUnfenced
local ____answer = require("libs.locks.src.core.answer")
local leaseView = ____answer.leaseView
local refuse = ____answer.refuse
local stateOf = ____answer.stateOf
local ____lease = require("libs.locks.src.core.lease")
local loseLease = ____lease.loseLease
local ____open = require("libs.locks.src.core.open")
local dropOpen = ____open.dropOpen
local ____settle = require("libs.locks.src.core.settle")
local settleFile = ____settle.settleFile
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
function ____exports.lockRelease(step, input)
    local open = step.rows:get("open", input.id)
    if open ~= nil then
        dropOpen(step, input.id, open, "admin")
        return {released = true}
    end
    local lease = step.rows:get("lease", input.id)
    if lease == nil then
        return refuse("no_such_lock")
    end
    local file = loadFile(step, lease.fileKey)
    if file == nil then
        if lease.state ~= "allocated" then
            return refuse("no_such_lock")
        end
        leaveSession(step, lease.sessionId, "l:" .. input.id, lease.no)
        forgetLease(step, input.id, lease)
        return {released = true}
    end
    local state = stateOf(file.row, lease)
    if state == "released" or state == "revoked" then
        return refuse("no_such_lock")
    end
    if state ~= "fencing" then
        loseLease(
            step,
            file,
            input.id,
            lease,
            "admin"
        )
    end
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
            0
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
local function lockOfLease(step, id, lease)
    local view = leaseView(step, id, lease)
    local file = step.rows:get("file", lease.fileKey)
    return {
        id = id,
        no = lease.no,
        kind = "lease",
        sessionId = lease.sessionId,
        owner = lease.owner,
        exportName = lease.exportName,
        path = lease.path,
        fileId = lease.fileId,
        inode = file == nil and lease.inode or file.inode,
        pid = lease.pid,
        type = view.type,
        pendingType = view.pendingType,
        state = view.state,
        token = lease.token,
        backed = view.backed,
        ["break"] = view["break"]
    }
end
local function blockerOf(step, open)
    local file = step.rows:get("file", open.fileKey)
    for ____, entry in ipairs(step.rows:page("f:" .. open.fileKey, 0, endOfList, 2)) do
        local lease = step.rows:get("lease", entry.member)
        if lease ~= nil and file ~= nil and lease.ownerKey ~= open.ownerKey then
            return entry.member
        end
    end
    return nil
end
local function lockOfOpen(step, id, open)
    local waiting = open.state == "waiting"
    local ____id_3 = id
    local ____open_no_4 = open.no
    local ____temp_5 = waiting and "waiter" or "open"
    local ____open_sessionId_6 = open.sessionId
    local ____open_owner_7 = open.owner
    local ____open_exportName_8 = open.exportName
    local ____open_path_9 = open.path
    local ____open_fileId_10 = open.fileId
    local ____open_inode_11 = open.inode
    local ____open_pid_12 = open.pid
    local ____open_access_13 = open.access
    local ____open_state_14 = open.state
    local ____waiting_2
    if waiting then
        ____waiting_2 = blockerOf(step, open)
    else
        ____waiting_2 = nil
    end
    return {
        id = ____id_3,
        no = ____open_no_4,
        kind = ____temp_5,
        sessionId = ____open_sessionId_6,
        owner = ____open_owner_7,
        exportName = ____open_exportName_8,
        path = ____open_path_9,
        fileId = ____open_fileId_10,
        inode = ____open_inode_11,
        pid = ____open_pid_12,
        type = ____open_access_13,
        state = ____open_state_14,
        blockedBy = ____waiting_2
    }
end
local function waitersBehind(step, leaseId, fileKey)
    local waiters = {}
    local file = step.rows:get("file", fileKey)
    if file == nil or file.waiting == 0 then
        return nil
    end
    for ____, entry in ipairs(step.rows:page("w:" .. fileKey, 0, endOfList, file.waiting)) do
        local open = step.rows:get("open", entry.member)
        if open ~= nil and blockerOf(step, open) == leaseId then
            waiters[#waiters + 1] = lockOfOpen(step, entry.member, open)
        end
    end
    return #waiters > 0 and waiters or nil
end
local function lockOf(step, member, tree)
    local id = step.rows:idOf(member)
    if step.rows:letter(member) == "o" then
        local open = step.rows:get("open", id)
        if open == nil then
            return nil
        end
        local view = lockOfOpen(step, id, open)
        local ____temp_15
        if tree and view.blockedBy ~= nil then
            ____temp_15 = nil
        else
            ____temp_15 = view
        end
        return ____temp_15
    end
    local lease = step.rows:get("lease", id)
    if lease == nil then
        return nil
    end
    local view = lockOfLease(step, id, lease)
    if tree and lease.grantNo > 0 then
        view.waiters = waitersBehind(step, id, lease.fileKey)
    end
    return view
end
local function matches(view, input)
    if input.exportName ~= nil and view.exportName ~= input.exportName then
        return false
    end
    if input.sessionId ~= nil and view.sessionId ~= input.sessionId then
        return false
    end
    if input.state ~= nil and view.state ~= input.state then
        return false
    end
    return input.type == nil or view.type == input.type
end
function ____exports.lockList(step, input)
    local list = "all"
    if input.fileKey ~= nil then
        list = "x:" .. input.fileKey
    elseif input.sessionId ~= nil then
        list = "s:" .. input.sessionId
    end
    local locks = {}
    local after
    local page = step.rows:page(list, input.after, endOfList, input.limit)
    for ____, entry in ipairs(page) do
        after = entry.score
        local view = lockOf(step, entry.member, input.tree == true)
        if view ~= nil and matches(view, input) then
            locks[#locks + 1] = view
        end
    end
    local ____locks_17 = locks
    local ____temp_16
    if #page < input.limit then
        ____temp_16 = nil
    else
        ____temp_16 = after
    end
    return {locks = ____locks_17, after = ____temp_16}
end
return ____exports
 end,
["libs.locks.src.core.export"] = function(...)
local ____exports = {}
local includes, supersede, bury, walk, ghostsMax, walkPerStep
local ____break = require("libs.locks.src.core.break")
local startBreak = ____break.startBreak
local voidPending = ____break.voidPending
local ____conflict = require("libs.locks.src.core.conflict")
local liveType = ____conflict.liveType
local rank = ____conflict.rank
local stronger = ____conflict.stronger
local weaker = ____conflict.weaker
local ____file = require("libs.locks.src.core.file")
local enterFile = ____file.enterFile
local loadFile = ____file.loadFile
local ____hold = require("libs.locks.src.core.hold")
local answered = ____hold.answered
local lostHold = ____hold.lostHold
local mayAsk = ____hold.mayAsk
local ____settle = require("libs.locks.src.core.settle")
local settleFile = ____settle.settleFile
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local nextSeq = ____step.nextSeq
local passSeq = ____step.passSeq
local raiseEpoch = ____step.raiseEpoch
local record = ____step.record
local setDue = ____step.setDue
function includes(list, item)
    for ____, each in ipairs(list or ({})) do
        if each == item then
            return true
        end
    end
    return false
end
function supersede(row)
    if row.incarnation == "" then
        return
    end
    local past = {row.incarnation}
    for ____, each in ipairs(row.past or ({})) do
        if #past < ghostsMax then
            past[#past + 1] = each
        end
    end
    row.past = past
    if row.process == nil then
        return
    end
    local ghosts = {{incarnation = row.incarnation, process = row.process}}
    for ____, each in ipairs(row.ghosts or ({})) do
        if #ghosts < ghostsMax then
            ghosts[#ghosts + 1] = each
        end
    end
    row.ghosts = ghosts
end
function bury(row, dead)
    if row.ghosts == nil then
        return false
    end
    local left = {}
    local found = false
    for ____, ghost in ipairs(row.ghosts) do
        if includes(dead, ghost.incarnation) and row.holdsDieWithProcess then
            found = true
        else
            left[#left + 1] = ghost
        end
    end
    row.ghosts = #left > 0 and left or nil
    return found
end
function walk(step, row)
    step.rows:put("export", row.name, row)
    if row.walkAfter ~= nil and mayAsk(row) then
        local page = step.rows:page("h:" .. row.name, row.walkAfter, endOfList, walkPerStep)
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
    setDue(
        step,
        "e:" .. row.name,
        row,
        row.walkAfter ~= nil and mayAsk(row) and step.now or lostAt
    )
    step.rows:put("export", row.name, row)
end
local exportsMax = 1000
ghostsMax = 8
walkPerStep = 64
local function freshExport(step, name, stack, ____local)
    local row = {
        no = nextSeq(step),
        name = name,
        stack = stack,
        ["local"] = ____local,
        state = "up",
        breakMs = 0,
        lockDelayMs = 0,
        breakLimitMs = 0,
        holdsDieWithProcess = true,
        incarnation = "",
        endpoint = "",
        seen = step.now,
        reported = ____local,
        due = 0,
        unconfirmed = 0
    }
    step.rows:link("exports", name, row.no)
    return row
end
function ____exports.exportDeclare(step, input)
    local known = step.rows:get("export", input.name)
    if known ~= nil and not known["local"] then
        return {declared = false}
    end
    local row = known or freshExport(step, input.name, "local", true)
    row.breakMs = input.breakMs
    row.lockDelayMs = input.lockDelayMs
    step.rows:put("export", input.name, row)
    return {declared = true}
end
function ____exports.exportList(step)
    local exports = {}
    for ____, entry in ipairs(step.rows:page("exports", 0, endOfList, exportsMax)) do
        local row = step.rows:get("export", entry.member)
        if row ~= nil then
            exports[#exports + 1] = {
                name = row.name,
                stack = row.stack,
                ["local"] = row["local"],
                state = mayAsk(row) and "up" or "lost",
                breakMs = row.breakMs,
                breakLimitMs = row.breakLimitMs,
                incarnation = row.incarnation,
                endpoint = row.endpoint,
                unconfirmed = row.unconfirmed
            }
        end
    end
    return {exports = exports}
end
local function registerRefusal(row, input)
    local forced = input.breakLimitMs > 0
    if forced and (input.breakMs == 0 or input.breakMs > input.breakLimitMs) then
        return {refused = {reason = "break_time_too_long", breakLimitMs = input.breakLimitMs}}
    end
    if row == nil then
        return nil
    end
    if row["local"] or row.stack ~= input.stack then
        return {refused = {reason = "stack_mismatch"}}
    end
    return includes(row.past, input.incarnation) and ({refused = {reason = "incarnation_superseded"}}) or nil
end
function ____exports.noteEpoch(step, seen)
    if seen > step.meta.epoch then
        raiseEpoch(step, seen)
    end
end
function ____exports.register(step, input)
    for ____, name in ipairs(input.exports) do
        local refused = registerRefusal(
            step.rows:get("export", name),
            input
        )
        if refused ~= nil then
            return refused
        end
    end
    ____exports.noteEpoch(step, input.epochSeen)
    local predecessors = {}
    for ____, name in ipairs(input.exports) do
        local row = step.rows:get("export", name) or freshExport(step, name, input.stack, false)
        local backAgain = row.state == "lost" and row.incarnation == input.incarnation
        if row.incarnation ~= input.incarnation then
            supersede(row)
            row.reported = false
        end
        row.state = "up"
        row.incarnation = input.incarnation
        row.process = input.process
        row.endpoint = input.endpoint
        row.breakMs = input.breakMs
        row.lockDelayMs = input.lockDelayMs
        row.breakLimitMs = input.breakLimitMs
        row.holdsDieWithProcess = input.holdsDieWithProcess
        row.seen = step.now
        for ____, ghost in ipairs(row.ghosts or ({})) do
            predecessors[#predecessors + 1] = {incarnation = ghost.incarnation, process = ghost.process}
        end
        if backAgain then
            record(step, {kind = "reclaimed", exportName = name})
        end
        row.walkAfter = 0
        walk(step, row)
    end
    return {epoch = step.meta.epoch, predecessors = predecessors}
end
function ____exports.heartbeat(step, input)
    ____exports.noteEpoch(step, input.epochSeen)
    local known = true
    for ____, name in ipairs(input.exports) do
        local row = step.rows:get("export", name)
        if row == nil or row["local"] then
            return {epoch = step.meta.epoch, known = false}
        end
        if row.incarnation ~= input.incarnation then
            return includes(row.past, input.incarnation) and ({refused = {reason = "incarnation_superseded"}}) or ({epoch = step.meta.epoch, known = false})
        end
        row.seen = step.now
        if bury(row, input.dead) then
            row.walkAfter = 0
        end
        if row.state == "lost" then
            row.state = "up"
            row.walkAfter = 0
            record(step, {kind = "reclaimed", exportName = name})
        end
        walk(step, row)
        known = known and row.reported
    end
    return {epoch = step.meta.epoch, known = known}
end
function ____exports.walkExport(step, name)
    local row = step.rows:get("export", name)
    if row == nil then
        return
    end
    if not row["local"] and row.state == "up" and step.now >= row.seen + step.meta.limits.lostMs then
        row.state = "lost"
        record(step, {kind = "jeopardy", exportName = name, cause = "fileserver_lost"})
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
    local ____spokenOf_result_0 = spokenOf(step, input)
    local file = ____spokenOf_result_0.file
    local refused = ____spokenOf_result_0.refused
    if refused ~= nil then
        return refused
    end
    if file == nil then
        return {taken = false}
    end
    local ____file_1 = file
    local row = ____file_1.row
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
            enforced
        )
    end
    settleFile(step, file)
    return {taken = true}
end
function ____exports.fileserverLost(step, input)
    local ____spokenOf_result_2 = spokenOf(step, input)
    local file = ____spokenOf_result_2.file
    local refused = ____spokenOf_result_2.refused
    if refused ~= nil then
        return refused
    end
    if file == nil then
        return {taken = false}
    end
    local ____file_3 = file
    local row = ____file_3.row
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
    local ____spokenOf_result_4 = spokenOf(step, input)
    local file = ____spokenOf_result_4.file
    local refused = ____spokenOf_result_4.refused
    if refused ~= nil then
        return refused
    end
    if file == nil or file.row.detached then
        return {taken = file ~= nil}
    end
    file.row.detached = true
    record(step, {kind = "detached", fileKey = file.key, exportName = input.exportName, path = input.path})
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
function ____exports.holdReport(step, input)
    local adopted = 0
    for ____, hold in ipairs(input.holds) do
        do
            local __continue79
            repeat
                local exp = step.rows:get("export", hold.exportName)
                if exp == nil or exp.incarnation ~= input.incarnation then
                    __continue79 = true
                    break
                end
                local file = enterFile(step, hold, exp)
                local row = file.row
                if row.ask == nil and rank(hold.type) > rank(row.mayHave) then
                    row.mayHave = stronger(row.mayHave, hold.type)
                    row.holdGen = hold.holdGen
                    passSeq(step, hold.holdGen)
                    adopted = adopted + 1
                end
                settleFile(step, file)
                __continue79 = true
            until true
            if not __continue79 then
                break
            end
        end
    end
    if input.done then
        for ____, entry in ipairs(step.rows:page("exports", 0, endOfList, exportsMax)) do
            do
                local __continue84
                repeat
                    local exp = step.rows:get("export", entry.member)
                    if exp == nil or exp["local"] or exp.incarnation ~= input.incarnation then
                        __continue84 = true
                        break
                    end
                    exp.reported = true
                    exp.walkAfter = 0
                    walk(step, exp)
                    __continue84 = true
                until true
                if not __continue84 then
                    break
                end
            end
        end
    end
    return {adopted = adopted}
end
function ____exports.doubtAdapters(step)
    for ____, entry in ipairs(step.rows:page("exports", 0, endOfList, exportsMax)) do
        do
            local __continue88
            repeat
                local exp = step.rows:get("export", entry.member)
                if exp == nil or exp["local"] then
                    __continue88 = true
                    break
                end
                exp.reported = false
                step.rows:put("export", entry.member, exp)
                __continue88 = true
            until true
            if not __continue88 then
                break
            end
        end
    end
end
return ____exports
 end,
["libs.locks.src.core.due"] = function(...)
local ____exports = {}
local dueFile, dueLease, dueOpen, dueSession, emptySession, endLease, rowsPerStep
local ____file = require("libs.locks.src.core.file")
local forgetLease = ____file.forgetLease
local leaveSession = ____file.leaveSession
local loadFile = ____file.loadFile
local ____lease = require("libs.locks.src.core.lease")
local letGo = ____lease.letGo
local loseLease = ____lease.loseLease
local ____answer = require("libs.locks.src.core.answer")
local refuse = ____answer.refuse
local ____open = require("libs.locks.src.core.open")
local dropOpen = ____open.dropOpen
local ____export = require("libs.locks.src.core.export")
local walkExport = ____export.walkExport
local ____session = require("libs.locks.src.core.session")
local bury = ____session.bury
local forgetSession = ____session.forgetSession
local gate = ____session.gate
local ____settle = require("libs.locks.src.core.settle")
local settleFile = ____settle.settleFile
local ____step = require("libs.locks.src.core.step")
local endOfList = ____step.endOfList
local setDue = ____step.setDue
function dueFile(step, key)
    local file = loadFile(step, key)
    if file ~= nil then
        settleFile(step, file)
    end
end
function dueLease(step, id)
    local lease = step.rows:get("lease", id)
    if lease == nil then
        return
    end
    if lease.state == "allocated" then
        leaveSession(step, lease.sessionId, "l:" .. id, lease.no)
    end
    forgetLease(step, id, lease)
end
function dueOpen(step, id)
    local open = step.rows:get("open", id)
    if open ~= nil then
        dropOpen(step, id, open, "wait_elapsed")
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
            setDue(step, "s:" .. id, session, session.expires)
            step.rows:put("session", id, session)
            return
        end
        session.state = "expiring"
    end
    emptySession(step, id, session)
end
function emptySession(step, id, session)
    local expired = session.state == "expiring"
    local limit = math.max(
        1,
        math.min(rowsPerStep, step.budget)
    )
    local page = step.rows:page("s:" .. id, 0, endOfList, limit)
    for ____, entry in ipairs(page) do
        local rowId = step.rows:idOf(entry.member)
        if step.rows:letter(entry.member) == "o" then
            local open = step.rows:get("open", rowId)
            if open ~= nil then
                dropOpen(step, rowId, open, "session_expired")
            end
        else
            endLease(step, rowId, expired)
        end
    end
    step.budget = step.budget - #page
    if #page < limit then
        bury(step, id, session)
        return false
    end
    setDue(step, "s:" .. id, session, step.now)
    step.rows:put("session", id, session)
    return true
end
function endLease(step, id, expired)
    local lease = step.rows:get("lease", id)
    if lease == nil then
        return
    end
    local file = loadFile(step, lease.fileKey)
    if lease.state == "allocated" or file == nil then
        leaveSession(step, lease.sessionId, "l:" .. id, lease.no)
        forgetLease(step, id, lease)
        return
    end
    if expired then
        loseLease(
            step,
            file,
            id,
            lease,
            "expired"
        )
    else
        letGo(
            step,
            file,
            id,
            lease,
            "session_ended"
        )
    end
    settleFile(step, file)
end
function ____exports.settleDue(step, items)
    for ____, entry in ipairs(step.rows:page("due", 0, step.now, items)) do
        if step.budget <= 0 then
            return
        end
        step.budget = step.budget - 1
        local id = step.rows:idOf(entry.member)
        local letter = step.rows:letter(entry.member)
        if letter == "f" then
            dueFile(step, id)
        elseif letter == "s" then
            dueSession(step, id)
        elseif letter == "l" then
            dueLease(step, id)
        elseif letter == "o" then
            dueOpen(step, id)
        elseif letter == "e" then
            walkExport(step, id)
        end
    end
end
rowsPerStep = 64
function ____exports.sessionEnd(step, input)
    local session = step.rows:get("session", input.sessionId)
    if session == nil then
        return refuse("no_such_session")
    end
    local ours = input.digest == nil or session.digest == input.digest
    if session.state == "ended" and ours then
        return {more = false}
    end
    if session.state ~= "ending" or not ours then
        local refused = gate(step, input.sessionId, input.digest)
        if refused ~= nil then
            return refused
        end
        session.state = "ending"
    end
    return {more = emptySession(step, input.sessionId, session)}
end
function ____exports.tick(step)
    local next = step.rows:page("due", 0, endOfList, 1)
    local nextMs = 1000
    for ____, entry in ipairs(next) do
        nextMs = math.max(
            0,
            math.min(nextMs, entry.score - step.now)
        )
    end
    return {nextMs = nextMs, epoch = step.meta.epoch}
end
return ____exports
 end,
["libs.locks.src.core.verbs"] = function(...)
local ____exports = {}
local ____admin = require("libs.locks.src.core.admin")
local lockBreak = ____admin.lockBreak
local lockList = ____admin.lockList
local lockRelease = ____admin.lockRelease
local ____due = require("libs.locks.src.core.due")
local sessionEnd = ____due.sessionEnd
local settleDue = ____due.settleDue
local tick = ____due.tick
local ____export = require("libs.locks.src.core.export")
local doubtAdapters = ____export.doubtAdapters
local exportDeclare = ____export.exportDeclare
local exportList = ____export.exportList
local fileDetached = ____export.fileDetached
local fileserverBreak = ____export.fileserverBreak
local fileserverLost = ____export.fileserverLost
local heartbeat = ____export.heartbeat
local holdAnswered = ____export.holdAnswered
local holdReport = ____export.holdReport
local noteEpoch = ____export.noteEpoch
local register = ____export.register
local ____io = require("libs.locks.src.core.io")
local verbFlags = ____io.verbFlags
local ____lease = require("libs.locks.src.core.lease")
local fenceCheck = ____lease.fenceCheck
local fenceGet = ____lease.fenceGet
local leaseAcquire = ____lease.leaseAcquire
local leaseAlloc = ____lease.leaseAlloc
local leaseGet = ____lease.leaseGet
local leaseList = ____lease.leaseList
local leaseSet = ____lease.leaseSet
local leaseUndo = ____lease.leaseUndo
local ____open = require("libs.locks.src.core.open")
local openClose = ____open.openClose
local openCreate = ____open.openCreate
local openGet = ____open.openGet
local ____session = require("libs.locks.src.core.session")
local keepalive = ____session.keepalive
local sessionCreate = ____session.sessionCreate
local sessionGet = ____session.sessionGet
local sessionList = ____session.sessionList
local ____step = require("libs.locks.src.core.step")
local beginStep = ____step.beginStep
local endStep = ____step.endStep
local raiseEpoch = ____step.raiseEpoch
local function identify(step, input)
    local ____step_0 = step
    local meta = ____step_0.meta
    if meta.identity ~= "" and meta.identity ~= input.identity then
        raiseEpoch(step, meta.epoch)
        doubtAdapters(step)
    end
    noteEpoch(step, input.epochSeen)
    step.changed = true
    meta.identity = input.identity
    meta.limits = input.limits
    return {epoch = meta.epoch, records = meta.records}
end
local verbs = {
    identify = identify,
    tick = tick,
    sessionCreate = sessionCreate,
    sessionGet = sessionGet,
    keepalive = keepalive,
    sessionEnd = sessionEnd,
    sessionList = sessionList,
    leaseAlloc = leaseAlloc,
    leaseSet = leaseSet,
    leaseAcquire = leaseAcquire,
    leaseUndo = leaseUndo,
    leaseGet = leaseGet,
    leaseList = leaseList,
    openCreate = openCreate,
    openGet = openGet,
    openClose = openClose,
    fenceGet = fenceGet,
    fenceCheck = fenceCheck,
    lockRelease = lockRelease,
    lockBreak = lockBreak,
    lockList = lockList,
    exportDeclare = exportDeclare,
    exportList = exportList,
    register = register,
    heartbeat = heartbeat,
    holdReport = holdReport,
    holdAnswered = holdAnswered,
    fileserverBreak = fileserverBreak,
    fileserverLost = fileserverLost,
    fileDetached = fileDetached
}
local tickItems = 64
local tickBudget = 256
local requestItems = 4
local requestBudget = 64
function ____exports.run(rows, verb, input)
    local reads = verbFlags[verb] == "read"
    local step = beginStep(rows, verb == "tick" and tickBudget or requestBudget)
    if not reads then
        settleDue(step, verb == "tick" and tickItems or requestItems)
    end
    local value = verbs[verb](step, input)
    if not reads then
        endStep(step)
    end
    return {value = value, asks = step.asks}
end
return ____exports
 end,
["libs.locks.src.table.redis.lua.redis-rows"] = function(...)
local ____exports = {}
function ____exports.openRows(root, wall)
    local cache = {}
    local dirty = {}
    local moves = {}
    local records = {}
    local function touch(kind, id, row)
        local name = (kind .. ":") .. id
        cache[name] = row
        dirty[name] = {key = (root .. ":") .. kind, id = id}
    end
    local function move()
        for ____, entry in ipairs(moves) do
            if entry.score == nil then
                redis.call("ZREM", entry.list, entry.member)
            else
                redis.call("ZADD", entry.list, entry.score, entry.member)
            end
        end
        moves = {}
    end
    local rows = {
        wall = function() return wall end,
        get = function(self, kind, id)
            local name = (kind .. ":") .. id
            local row = cache[name]
            if row == nil then
                local stored = redis.call("HGET", (root .. ":") .. kind, id)
                local ____temp_0
                if stored == false then
                    ____temp_0 = false
                else
                    ____temp_0 = cmsgpack.unpack(stored)
                end
                row = ____temp_0
                cache[name] = row
            end
            if row == false then
                return nil
            end
            return row
        end,
        put = function(self, kind, id, row)
            touch(kind, id, row)
        end,
        del = function(self, kind, id)
            touch(kind, id, false)
        end,
        link = function(self, list, member, score)
            moves[#moves + 1] = {list = (root .. ":i:") .. list, member = member, score = score}
        end,
        unlink = function(self, list, member)
            moves[#moves + 1] = {list = (root .. ":i:") .. list, member = member}
        end,
        page = function(self, list, after, upTo, limit)
            move()
            local found = redis.call(
                "ZRANGEBYSCORE",
                (root .. ":i:") .. list,
                "(" .. string.format("%.0f", after),
                upTo,
                "WITHSCORES",
                "LIMIT",
                0,
                limit
            )
            local entries = {}
            do
                local at = 0
                while at < #found do
                    entries[#entries + 1] = {
                        member = found[at + 1],
                        score = tonumber(found[at + 1 + 1])
                    }
                    at = at + 2
                end
            end
            return entries
        end,
        span = function(self, list, from, to, limit)
            move()
            return redis.call(
                "ZRANGEBYLEX",
                (root .. ":i:") .. list,
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
        digits = function(____, n) return string.format("%.0f", n) end,
        padded = function(____, n) return string.format("%010.0f", n) end,
        letter = function(____, member) return string.sub(member, 1, 1) end,
        idOf = function(____, member) return string.sub(member, 3) end
    }
    return {
        rows = rows,
        flush = function(self)
            move()
            for name in pairs(dirty) do
                local ____dirty_name_1 = dirty[name]
                local key = ____dirty_name_1.key
                local id = ____dirty_name_1.id
                local row = cache[name]
                if row == false then
                    redis.call("HDEL", key, id)
                else
                    redis.call(
                        "HSET",
                        key,
                        id,
                        cmsgpack.pack(row)
                    )
                end
            end
            for ____, record in ipairs(records) do
                local no = string.format("%.0f", record.no) .. "-0"
                redis.call(
                    "XADD",
                    root .. ":log",
                    "MAXLEN",
                    "~",
                    100000,
                    no,
                    "r",
                    cmsgpack.pack(record)
                )
            end
        end
    }
end
return ____exports
 end,
["libs.locks.src.table.redis.lua.serve"] = function(...)
local ____exports = {}
local wallClock
local ____redis_2Drows = require("libs.locks.src.table.redis.lua.redis-rows")
local openRows = ____redis_2Drows.openRows
function wallClock(given)
    if given ~= nil then
        return tonumber(given)
    end
    local time = redis.call("TIME")
    return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
function ____exports.register(rules)
    local function serve(keys, args)
        local ____table = openRows(
            keys[1],
            wallClock(args[3])
        )
        local reply = rules(
            ____table.rows,
            args[1],
            cmsgpack.unpack(args[2])
        )
        ____table:flush()
        return cmsgpack.pack(reply)
    end
    redis.register_function({function_name = libraryName .. "_read", callback = serve, flags = {"no-writes"}})
    redis.register_function({function_name = libraryName .. "_grow", callback = serve, flags = {}})
    redis.register_function({function_name = libraryName .. "_settle", callback = serve, flags = {"allow-oom"}})
end
return ____exports
 end,
["libs.locks.src.table.redis.lua.library"] = function(...)
local ____exports = {}
local ____verbs = require("libs.locks.src.core.verbs")
local run = ____verbs.run
local ____serve = require("libs.locks.src.table.redis.lua.serve")
local register = ____serve.register
register(run)
return ____exports
 end,
}
local ____entry = require("libs.locks.src.table.redis.lua.library", ...)
return ____entry
`;
