/** What e2e/openapi sent and was answered; WRITE=1 prints it again. */
export const examples: Record<string, Record<string, unknown>> = {
  "post /v1/sessions": {
    "201": {
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T08:35:45.712Z",
      "lastSeenAt": "2026-11-30T08:34:45.712Z",
      "state": "live",
      "node": "n",
      "pid": 1,
      "label": "l",
      "locks": 0,
      "streams": 0,
      "secret": "gLr7Au_pMaL5MBj6DC17MwtXeKON2e_SpABd80KGu1x"
    },
    "request": {
      "ttlMs": 60000,
      "node": "n",
      "label": "l",
      "pid": 1
    }
  },
  "get /v1/sessions": {
    "200": {
      "sessions": [
        {
          "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "ttlMs": 60000,
          "expiresAt": "2026-11-30T08:35:45.712Z",
          "lastSeenAt": "2026-11-30T08:34:45.712Z",
          "state": "live",
          "node": "n",
          "pid": 1,
          "label": "l",
          "locks": 0,
          "streams": 0
        }
      ]
    }
  },
  "get /v1/sessions/{id}": {
    "200": {
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T08:35:45.712Z",
      "lastSeenAt": "2026-11-30T08:34:45.712Z",
      "state": "live",
      "node": "n",
      "pid": 1,
      "label": "l",
      "locks": 0,
      "streams": 0
    }
  },
  "post /v1/sessions/{id}/keepalive": {
    "200": {
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T08:35:45.964Z",
      "lastSeenAt": "2026-11-30T08:34:45.964Z",
      "state": "live",
      "node": "n",
      "pid": 1,
      "label": "l",
      "locks": 0,
      "streams": 0
    }
  },
  "post /v1/leases": {
    "201": {
      "leaseId": "27f5950b-9b26-8999-8862-332900000000",
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "file": "one",
      "fileId": "one",
      "type": "none",
      "delegation": false,
      "state": "allocated",
      "token": 0,
      "stateid": {
        "seqid": 0,
        "other": "27f5950b9b26899988623329"
      },
      "backed": false
    },
    "request": {
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "file": "one"
    }
  },
  "post /v1/leases/acquire": {
    "201": {
      "leaseId": "c7033bd3-3d34-8b53-afea-e59800000000",
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "write",
      "delegation": false,
      "state": "active",
      "token": 3678264701747200,
      "stateid": {
        "seqid": 1,
        "other": "c7033bd33d348b53afeae598"
      },
      "backed": false
    },
    "request": {
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "file": "a",
      "type": "write"
    }
  },
  "get /v1/leases": {
    "200": {
      "leases": [
        {
          "leaseId": "27f5950b-9b26-8999-8862-332900000000",
          "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "export": "local",
          "file": "one",
          "fileId": "one",
          "type": "none",
          "delegation": false,
          "state": "allocated",
          "token": 0,
          "stateid": {
            "seqid": 0,
            "other": "27f5950b9b26899988623329"
          },
          "backed": false
        },
        {
          "leaseId": "77b59e4c-2333-8341-98ad-cfd500000000",
          "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "export": "local",
          "file": "two",
          "fileId": "two",
          "type": "none",
          "delegation": false,
          "state": "allocated",
          "token": 0,
          "stateid": {
            "seqid": 0,
            "other": "77b59e4c2333834198adcfd5"
          },
          "backed": false
        }
      ],
      "cursor": "3678264701429760"
    }
  },
  "put /v1/leases/{id}": {
    "200": {
      "leaseId": "c7033bd3-3d34-8b53-afea-e59800000000",
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "read",
      "delegation": false,
      "state": "active",
      "token": 3678264702332928,
      "stateid": {
        "seqid": 2,
        "other": "c7033bd33d348b53afeae598"
      },
      "backed": false
    },
    "request": {
      "type": "read",
      "ifToken": 3678264701747200
    }
  },
  "post /v1/opens": {
    "201": {
      "openId": "213c1175-8513-8daf-961b-b54800000000",
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "read",
      "deny": "none",
      "state": "open",
      "stateid": {
        "seqid": 1,
        "other": "213c117585138daf961bb548"
      },
      "backed": false
    },
    "request": {
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "file": "b",
      "access": "read"
    }
  },
  "get /v1/opens/{id}": {
    "200": {
      "openId": "213c1175-8513-8daf-961b-b54800000000",
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "read",
      "deny": "none",
      "state": "open",
      "stateid": {
        "seqid": 1,
        "other": "213c117585138daf961bb548"
      },
      "backed": false
    }
  },
  "post /v1/locks/{id}/break": {
    "200": {
      "break": {
        "breakId": "b3678264703254528",
        "target": "none",
        "deadlineAt": "2026-11-30T08:35:47.136Z",
        "remainingMs": 60000,
        "cause": "admin"
      }
    },
    "request": {
      "target": "none"
    }
  },
  "get /v1/leases/{id}": {
    "200": {
      "leaseId": "c7033bd3-3d34-8b53-afea-e59800000000",
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "read",
      "delegation": false,
      "state": "breaking",
      "token": 3678264702332928,
      "stateid": {
        "seqid": 2,
        "other": "c7033bd33d348b53afeae598"
      },
      "backed": false,
      "break": {
        "breakId": "b3678264703254528",
        "target": "none",
        "deadlineAt": "2026-11-30T08:35:47.137Z",
        "remainingMs": 59915,
        "cause": "admin"
      }
    }
  },
  "put /v1/opens/{id}": {
    "200": {
      "openId": "213c1175-8513-8daf-961b-b54800000000",
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "both",
      "deny": "write",
      "state": "open",
      "stateid": {
        "seqid": 2,
        "other": "213c117585138daf961bb548"
      },
      "backed": false
    },
    "request": {
      "access": "both",
      "deny": "write"
    }
  },
  "get /v1/stateids/{other}": {
    "200": {
      "kind": "delegation",
      "id": "2b7a05ef-c0d2-8dd7-8a86-db9900000000",
      "state": "active",
      "seqid": 1
    }
  },
  "post /v1/delegations": {
    "200": {
      "whyNot": "WRITE_DELEG_NOT_SUPP_FTYPE",
      "willSignal": false
    },
    "request": {
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "file": ".",
      "want": "write",
      "directory": true
    }
  },
  "post /v1/files/attributes": {
    "200": {
      "holder": "none"
    },
    "request": {
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "file": "a",
      "change": 1,
      "size": "2"
    }
  },
  "post /v1/ranges": {
    "201": {
      "rangeId": "f463e350-0b79-82a4-bfad-cace00000000",
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "file": "r",
      "fileId": "r",
      "class": "posix",
      "type": "write",
      "start": "0",
      "end": "9007199254740993",
      "state": "held",
      "backed": false
    },
    "202": {
      "rangeId": "d34f1db7-1577-8eca-839d-845d00000000",
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "owner": "other",
      "export": "local",
      "file": "r",
      "fileId": "r",
      "class": "posix",
      "type": "read",
      "start": "0",
      "end": "9007199254740993",
      "state": "waiting",
      "backed": false
    },
    "request": {
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "file": "r",
      "class": "posix",
      "start": 0,
      "end": "9007199254740993",
      "type": "write"
    }
  },
  "get /v1/ranges/{id}": {
    "200": {
      "rangeId": "f463e350-0b79-82a4-bfad-cace00000000",
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "file": "r",
      "fileId": "r",
      "class": "posix",
      "type": "write",
      "start": "0",
      "end": "9007199254740993",
      "state": "held",
      "backed": false
    }
  },
  "post /v1/ranges/test": {
    "200": {
      "blocker": {
        "id": "f463e350-0b79-82a4-bfad-cace00000000",
        "kind": "posix",
        "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
        "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 176,
        "type": "write",
        "start": "0",
        "end": "9007199254740993",
        "state": "held"
      }
    },
    "request": {
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "file": "r",
      "class": "posix",
      "start": 0,
      "end": "9007199254740993",
      "owner": "other",
      "type": "read"
    }
  },
  "post /v1/ranges/cancel": {
    "200": {
      "cancelled": false
    },
    "request": {
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "file": "r",
      "class": "posix",
      "start": 0,
      "end": "9007199254740993",
      "owner": "other",
      "type": "read"
    }
  },
  "get /v1/waits/{id}": {
    "200": {
      "id": "d34f1db7-1577-8eca-839d-845d00000000",
      "kind": "range",
      "ahead": 0,
      "remainingMs": 59891,
      "why": {
        "type": "urn:leasehold:range_conflict",
        "title": "Another owner has a conflicting lock on some of these bytes.",
        "code": "EAGAIN",
        "reason": "range_conflict",
        "next": "Retry with waitMs, or after the locks in `blockers` are released.",
        "blockerCount": 1,
        "blockers": [
          {
            "id": "f463e350-0b79-82a4-bfad-cace00000000",
            "kind": "posix",
            "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
            "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
            "pid": 1,
            "label": "l",
            "node": "n",
            "ageMs": 581,
            "type": "write",
            "start": "0",
            "end": "9007199254740993",
            "state": "held"
          }
        ]
      }
    }
  },
  "get /v1/locks": {
    "200": {
      "locks": [
        {
          "id": "f463e350-0b79-82a4-bfad-cace00000000",
          "no": 3678264705351681,
          "kind": "posix",
          "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "export": "local",
          "file": "r",
          "fileId": "r",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 694,
          "type": "write",
          "start": "0",
          "end": "9007199254740993",
          "state": "held",
          "backed": false,
          "waiters": [
            {
              "id": "d34f1db7-1577-8eca-839d-845d00000000",
              "no": 3678264706318336,
              "kind": "posix",
              "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
              "owner": "other",
              "export": "local",
              "file": "r",
              "fileId": "r",
              "inode": "<none>:0",
              "pid": 1,
              "label": "l",
              "node": "n",
              "ageMs": 222,
              "type": "read",
              "start": "0",
              "end": "9007199254740993",
              "waits": "read",
              "state": "waiting",
              "backed": false,
              "blockedBy": "f463e350-0b79-82a4-bfad-cace00000000"
            }
          ]
        }
      ]
    }
  },
  "delete /v1/ranges/{id}": {},
  "post /v1/ranges/unlock": {
    "200": {
      "unlocked": true
    },
    "request": {
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "file": "r",
      "class": "posix",
      "start": 0,
      "end": "9007199254740993"
    }
  },
  "post /v1/batch": {
    "200": {
      "answers": [
        {
          "index": 0,
          "status": 201,
          "body": {
            "leaseId": "a3ba9f1d-c437-8905-a543-6be200000000",
            "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
            "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
            "export": "local",
            "file": "batch/a",
            "fileId": "batch/a",
            "type": "write",
            "delegation": false,
            "state": "active",
            "token": 3678264707172352,
            "stateid": {
              "seqid": 1,
              "other": "a3ba9f1dc4378905a5436be2"
            },
            "backed": false
          }
        },
        {
          "index": 1,
          "status": 201,
          "body": {
            "leaseId": "fd89ebe2-98c4-85ff-bf45-849500000000",
            "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
            "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
            "export": "local",
            "file": "batch/b",
            "fileId": "batch/b",
            "type": "write",
            "delegation": false,
            "state": "active",
            "token": 3678264707172353,
            "stateid": {
              "seqid": 1,
              "other": "fd89ebe298c485ffbf458495"
            },
            "backed": false
          }
        }
      ]
    },
    "request": {
      "calls": [
        {
          "method": "POST",
          "path": "/v1/leases/acquire",
          "body": {
            "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
            "export": "local",
            "file": "batch/a",
            "type": "write",
            "requestId": "a"
          }
        },
        {
          "method": "POST",
          "path": "/v1/leases/acquire",
          "body": {
            "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
            "export": "local",
            "file": "batch/b",
            "type": "write",
            "requestId": "b"
          }
        }
      ]
    }
  },
  "post /v1/permits": {
    "201": {
      "permitId": "e9a379df-298e-8c02-a978-f7e100000000",
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "semaphore": "backups",
      "state": "held",
      "token": 3678264707629056
    },
    "202": {
      "permitId": "b6fb4ec1-5f45-8465-8f50-56f200000000",
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "semaphore": "backups",
      "state": "waiting"
    },
    "request": {
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "semaphore": "backups",
      "limit": 1
    }
  },
  "get /v1/permits/{id}": {
    "200": {
      "permitId": "e9a379df-298e-8c02-a978-f7e100000000",
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "semaphore": "backups",
      "state": "held",
      "token": 3678264707629056
    }
  },
  "post /v1/permits/check": {
    "200": {
      "valid": true,
      "permitId": "e9a379df-298e-8c02-a978-f7e100000000"
    },
    "request": {
      "export": "local",
      "semaphore": "backups",
      "token": 3678264707629056
    }
  },
  "delete /v1/permits/{id}": {},
  "post /v1/dlm/locks": {
    "201": {
      "lockId": "ebf3e553-f6f5-80f4-82f2-36a300000000",
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "EX",
      "seqid": 1,
      "token": 3678264708876288
    },
    "202": {
      "lockId": "61ad3dec-509a-836f-9568-c7d700000000",
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "resource": "res",
      "state": "waiting",
      "wants": "PR",
      "seqid": 0
    },
    "request": {
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "resource": "res",
      "mode": "EX",
      "requestId": "q"
    }
  },
  "get /v1/dlm/locks": {
    "200": {
      "locks": [
        {
          "lockId": "ebf3e553-f6f5-80f4-82f2-36a300000000",
          "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "export": "local",
          "resource": "res",
          "state": "granted",
          "mode": "EX",
          "seqid": 1,
          "token": 3678264708876288,
          "blocking": "PR"
        },
        {
          "lockId": "61ad3dec-509a-836f-9568-c7d700000000",
          "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "export": "local",
          "resource": "res",
          "state": "waiting",
          "wants": "PR",
          "seqid": 0
        }
      ]
    }
  },
  "get /v1/dlm/locks/{id}": {
    "200": {
      "lockId": "ebf3e553-f6f5-80f4-82f2-36a300000000",
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "EX",
      "seqid": 1,
      "token": 3678264708876288,
      "blocking": "PR"
    }
  },
  "put /v1/dlm/locks/{id}": {
    "200": {
      "lockId": "ebf3e553-f6f5-80f4-82f2-36a300000000",
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "PW",
      "seqid": 2,
      "token": 3678264708876288,
      "blocking": "PR"
    },
    "request": {
      "mode": "PW",
      "block": "AAEC"
    }
  },
  "get /v1/dlm/resources": {
    "200": {
      "export": "local",
      "resource": "res",
      "value": {
        "block": "AAEC",
        "valid": true
      },
      "granted": [
        {
          "lockId": "ebf3e553-f6f5-80f4-82f2-36a300000000",
          "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "export": "local",
          "resource": "res",
          "state": "granted",
          "mode": "PW",
          "seqid": 2,
          "token": 3678264708876288,
          "blocking": "PR",
          "pid": 1,
          "node": "n"
        }
      ],
      "converting": [],
      "waiting": [
        {
          "lockId": "61ad3dec-509a-836f-9568-c7d700000000",
          "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "export": "local",
          "resource": "res",
          "state": "waiting",
          "wants": "PR",
          "seqid": 0,
          "pid": 1,
          "node": "n",
          "valblk": true,
          "remainingMs": 59599
        }
      ],
      "more": false
    }
  },
  "post /v1/dlm/locks/cancel": {
    "200": {
      "cancelled": true
    },
    "request": {
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "lockId": "61ad3dec-509a-836f-9568-c7d700000000"
    }
  },
  "post /v1/dlm/locks/{id}/unlock": {
    "200": {
      "unlocked": true
    },
    "request": {}
  },
  "post /v1/dlm/connections": {
    "201": {
      "connectionId": "07a27bc8-8415-81e4-97e2-2c8700000000",
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "state": "connected",
      "stack": "local",
      "protocol": {
        "major": 1,
        "minor": 1
      },
      "node": {
        "name": "n"
      }
    },
    "request": {
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "protocol": {
        "major": 1,
        "minor": 1
      }
    }
  },
  "get /v1/dlm/connections": {
    "200": {
      "connections": [
        {
          "connectionId": "07a27bc8-8415-81e4-97e2-2c8700000000",
          "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "export": "local",
          "state": "connected",
          "stack": "local",
          "protocol": {
            "major": 1,
            "minor": 1
          },
          "node": {
            "name": "n"
          }
        }
      ]
    }
  },
  "get /v1/dlm/connections/{id}": {
    "200": {
      "connectionId": "07a27bc8-8415-81e4-97e2-2c8700000000",
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "state": "connected",
      "stack": "local",
      "protocol": {
        "major": 1,
        "minor": 1
      },
      "node": {
        "name": "n"
      }
    }
  },
  "post /v1/dlm/connections/{id}/hangup": {
    "200": {
      "connectionId": "07a27bc8-8415-81e4-97e2-2c8700000000",
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "state": "hungUp",
      "stack": "local",
      "protocol": {
        "major": 1,
        "minor": 1
      },
      "node": {
        "name": "n"
      }
    }
  },
  "delete /v1/dlm/connections/{id}": {},
  "post /v1/files/changes": {
    "200": {
      "changeId": "a4d2e556-80b6-8326-a609-8e0c00000000",
      "owner": "other",
      "export": "local",
      "file": "d",
      "kind": "truncate",
      "state": "allowed"
    },
    "202": {
      "changeId": "622ec24b-f9af-8f87-8a47-568600000000",
      "owner": "other",
      "export": "local",
      "file": "d",
      "kind": "truncate",
      "state": "waiting",
      "on": {
        "file": "d",
        "kind": "truncate"
      }
    },
    "request": {
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "file": "d",
      "kind": "truncate",
      "owner": "other"
    }
  },
  "delete /v1/files/changes/{id}": {
    "200": {
      "cancelled": true
    }
  },
  "get /v1/grace": {
    "200": {
      "graceMs": 0,
      "sessions": 0
    }
  },
  "post /v1/sessions/{id}/reclaim-complete": {
    "200": {
      "graceMs": 0
    }
  },
  "get /v1/locks/{id}": {
    "200": {
      "id": "c7033bd3-3d34-8b53-afea-e59800000000",
      "no": 3678264701747201,
      "kind": "lease",
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "inode": "<none>:0",
      "pid": 1,
      "label": "l",
      "node": "n",
      "ageMs": 5628,
      "type": "read",
      "state": "breaking",
      "token": 3678264702332928,
      "backed": false,
      "break": {
        "breakId": "b3678264703254528",
        "target": "none",
        "deadlineAt": "2026-11-30T08:35:47.175Z",
        "remainingMs": 55147,
        "cause": "admin"
      }
    }
  },
  "get /v1/fences": {
    "200": {
      "export": "local",
      "file": "a",
      "fileId": "a",
      "highestToken": 3678264702332928
    }
  },
  "post /v1/fences/check": {
    "200": {
      "valid": true,
      "leaseId": "c7033bd3-3d34-8b53-afea-e59800000000",
      "type": "read",
      "state": "breaking"
    },
    "request": {
      "export": "local",
      "file": "a",
      "token": 3678264702332928,
      "for": "read"
    }
  },
  "delete /v1/locks/{id}": {},
  "delete /v1/opens/{id}": {},
  "delete /v1/leases/{id}": {},
  "post /v1/leases/{id}/free": {},
  "put /v1/stacks/{name}": {
    "201": {
      "kind": "stacks",
      "name": "kind",
      "version": 3678264714950658,
      "description": "d",
      "onDemand": {
        "prefix": "on-",
        "policy": "wait"
      },
      "builtIn": false,
      "protocol": {
        "major": 1,
        "minorMax": 8
      },
      "adapters": [],
      "exports": 0,
      "removing": false
    },
    "request": {
      "description": "d",
      "onDemand": {
        "prefix": "on-"
      }
    }
  },
  "put /v1/regions/{name}": {
    "201": {
      "kind": "regions",
      "name": "region",
      "version": 3678264715163649,
      "beatMs": 1000,
      "deadMs": 10000,
      "ackMs": 5000,
      "nodes": 0,
      "subscribers": 0,
      "removing": false
    },
    "request": {}
  },
  "put /v1/nodes/{name}": {
    "201": {
      "kind": "nodes",
      "name": "node",
      "version": 3678264715354113,
      "region": "region",
      "state": "down",
      "sessions": 0,
      "removing": false
    },
    "request": {
      "region": "region"
    }
  },
  "put /v1/exports/{name}": {
    "201": {
      "kind": "exports",
      "exportId": "3678264715534336",
      "name": "lazy",
      "version": 3678264715534338,
      "stack": "kind",
      "policy": "local",
      "region": "region",
      "onDemand": false,
      "state": "none",
      "breakMs": 1000,
      "lockDelayMs": 0,
      "breakLimitMs": 0,
      "directories": false,
      "unconfirmedFiles": 0,
      "unbackedFiles": 0,
      "delegations": 0,
      "withoutBackend": {
        "refused": 0,
        "queued": 0,
        "unbacked": 0
      }
    },
    "request": {
      "stack": "kind",
      "policy": "local",
      "region": "region",
      "breakMs": 1000
    }
  },
  "get /v1/stacks": {
    "200": {
      "stacks": [
        {
          "kind": "stacks",
          "name": "local",
          "version": 3678264691226627,
          "builtIn": true,
          "protocol": {
            "major": 1,
            "minorMax": 8
          },
          "adapters": [],
          "exports": 1,
          "removing": false
        },
        {
          "kind": "stacks",
          "name": "kind",
          "version": 3678264714950658,
          "description": "d",
          "onDemand": {
            "prefix": "on-",
            "policy": "wait"
          },
          "builtIn": false,
          "protocol": {
            "major": 1,
            "minorMax": 8
          },
          "adapters": [],
          "exports": 1,
          "removing": false
        }
      ]
    }
  },
  "get /v1/stacks/{name}": {
    "200": {
      "kind": "stacks",
      "name": "kind",
      "version": 3678264714950658,
      "description": "d",
      "onDemand": {
        "prefix": "on-",
        "policy": "wait"
      },
      "builtIn": false,
      "protocol": {
        "major": 1,
        "minorMax": 8
      },
      "adapters": [],
      "exports": 1,
      "removing": false
    }
  },
  "post /v1/stacks/{name}/pins": {
    "201": {
      "pinId": "130d749d-dca1-84fd-a2d8-742700000000",
      "on": {
        "kind": "stacks",
        "name": "kind"
      },
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "because": "it is used"
    }
  },
  "get /v1/pins/{id}": {
    "200": {
      "pinId": "130d749d-dca1-84fd-a2d8-742700000000",
      "on": {
        "kind": "stacks",
        "name": "kind"
      },
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "because": "it is used"
    }
  },
  "get /v1/stacks/{name}/dependents": {
    "200": {
      "dependents": [
        {
          "kind": "exports",
          "name": "lazy"
        },
        {
          "kind": "pins",
          "name": "130d749d-dca1-84fd-a2d8-742700000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "6bff6c77-5b51-8659-8c4f-e76a00000000"
          }
        }
      ]
    }
  },
  "delete /v1/pins/{id}": {},
  "get /v1/exports": {
    "200": {
      "exports": [
        {
          "kind": "exports",
          "exportId": "3678264691226624",
          "name": "local",
          "version": 3678264691226625,
          "stack": "local",
          "policy": "refuse",
          "onDemand": false,
          "state": "up",
          "breakMs": 60000,
          "lockDelayMs": 0,
          "breakLimitMs": 0,
          "directories": true,
          "unconfirmedFiles": 0,
          "unbackedFiles": 0,
          "delegations": 1,
          "withoutBackend": {
            "refused": 0,
            "queued": 0,
            "unbacked": 0
          }
        },
        {
          "kind": "exports",
          "exportId": "3678264715534336",
          "name": "lazy",
          "version": 3678264715534338,
          "stack": "kind",
          "policy": "local",
          "region": "region",
          "onDemand": false,
          "state": "none",
          "breakMs": 1000,
          "lockDelayMs": 0,
          "breakLimitMs": 0,
          "directories": false,
          "unconfirmedFiles": 0,
          "unbackedFiles": 0,
          "delegations": 0,
          "withoutBackend": {
            "refused": 0,
            "queued": 0,
            "unbacked": 0
          }
        }
      ]
    }
  },
  "get /v1/exports/{name}": {
    "200": {
      "kind": "exports",
      "exportId": "3678264715534336",
      "name": "lazy",
      "version": 3678264715534338,
      "stack": "kind",
      "policy": "local",
      "region": "region",
      "onDemand": false,
      "state": "none",
      "breakMs": 1000,
      "lockDelayMs": 0,
      "breakLimitMs": 0,
      "directories": false,
      "unconfirmedFiles": 0,
      "unbackedFiles": 0,
      "delegations": 0,
      "withoutBackend": {
        "refused": 0,
        "queued": 0,
        "unbacked": 0
      }
    }
  },
  "post /v1/exports/{name}/pins": {
    "201": {
      "pinId": "4e470055-cc5f-85b7-a978-18ae00000000",
      "on": {
        "kind": "exports",
        "name": "lazy"
      },
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "because": "it is used"
    }
  },
  "get /v1/exports/{name}/dependents": {
    "200": {
      "dependents": [
        {
          "kind": "pins",
          "name": "4e470055-cc5f-85b7-a978-18ae00000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "6bff6c77-5b51-8659-8c4f-e76a00000000"
          }
        }
      ]
    }
  },
  "get /v1/nodes": {
    "200": {
      "nodes": [
        {
          "kind": "nodes",
          "name": "node",
          "version": 3678264715354113,
          "region": "region",
          "state": "down",
          "sessions": 0,
          "removing": false
        }
      ]
    }
  },
  "get /v1/nodes/{name}": {
    "200": {
      "kind": "nodes",
      "name": "node",
      "version": 3678264715354113,
      "region": "region",
      "state": "down",
      "sessions": 0,
      "removing": false
    }
  },
  "post /v1/nodes/{name}/pins": {
    "201": {
      "pinId": "397a1e27-aca6-86eb-9f7b-a0c600000000",
      "on": {
        "kind": "nodes",
        "name": "node"
      },
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "because": "it is used"
    }
  },
  "get /v1/nodes/{name}/dependents": {
    "200": {
      "dependents": [
        {
          "kind": "pins",
          "name": "397a1e27-aca6-86eb-9f7b-a0c600000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "6bff6c77-5b51-8659-8c4f-e76a00000000"
          }
        }
      ]
    }
  },
  "get /v1/regions": {
    "200": {
      "regions": [
        {
          "kind": "regions",
          "name": "region",
          "version": 3678264715163649,
          "beatMs": 1000,
          "deadMs": 10000,
          "ackMs": 5000,
          "nodes": 1,
          "subscribers": 0,
          "removing": false
        }
      ]
    }
  },
  "get /v1/regions/{name}": {
    "200": {
      "kind": "regions",
      "name": "region",
      "version": 3678264715163649,
      "beatMs": 1000,
      "deadMs": 10000,
      "ackMs": 5000,
      "nodes": 1,
      "subscribers": 0,
      "removing": false
    }
  },
  "post /v1/regions/{name}/pins": {
    "201": {
      "pinId": "dec07abc-583c-8490-adc9-095a00000000",
      "on": {
        "kind": "regions",
        "name": "region"
      },
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "because": "it is used"
    }
  },
  "get /v1/regions/{name}/dependents": {
    "200": {
      "dependents": [
        {
          "kind": "nodes",
          "name": "node"
        },
        {
          "kind": "exports",
          "name": "lazy"
        },
        {
          "kind": "pins",
          "name": "dec07abc-583c-8490-adc9-095a00000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "6bff6c77-5b51-8659-8c4f-e76a00000000"
          }
        }
      ]
    }
  },
  "post /v1/regions/{name}/subscriptions": {
    "201": {
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "priority": 100,
      "region": "region"
    },
    "request": {
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000"
    }
  },
  "post /v1/nodes/{name}/beat": {
    "200": {
      "state": "up",
      "beatMs": 1000,
      "deadMs": 10000,
      "sessionsLost": 0
    },
    "request": {
      "incarnation": "one"
    }
  },
  "post /v1/nodes/{name}/acks": {
    "200": {
      "taken": false
    },
    "request": {
      "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
      "noticeId": "n0"
    }
  },
  "delete /v1/regions/{name}/subscriptions/{sessionId}": {},
  "post /v1/exports/{name}/hangup": {
    "202": {
      "operationId": "7a2a0bcd-3db7-808c-ad24-220f00000000",
      "kind": "hangup",
      "of": {
        "kind": "exports",
        "name": "lazy"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T08:34:56.023Z",
      "deadlineAt": "2026-11-30T08:34:57.023Z",
      "did": {
        "requestsCancelled": 0,
        "leasesBroken": 0,
        "leasesRevoked": 0,
        "opensClosed": 0,
        "rangesReleased": 0,
        "sessionsEnded": 0,
        "pinsDropped": 0,
        "removed": []
      },
      "filesLeft": 0
    },
    "request": {
      "deadlineMs": 1000
    }
  },
  "get /v1/operations/{id}": {
    "200": {
      "operationId": "7a2a0bcd-3db7-808c-ad24-220f00000000",
      "kind": "hangup",
      "of": {
        "kind": "exports",
        "name": "lazy"
      },
      "state": "done",
      "phase": "done",
      "startedAt": "2026-11-30T08:34:56.023Z",
      "deadlineAt": "2026-11-30T08:34:57.023Z",
      "endedAt": "2026-11-30T08:34:56.144Z",
      "did": {
        "requestsCancelled": 0,
        "leasesBroken": 0,
        "leasesRevoked": 0,
        "opensClosed": 0,
        "rangesReleased": 0,
        "sessionsEnded": 0,
        "pinsDropped": 0,
        "removed": []
      },
      "filesLeft": 0
    }
  },
  "get /v1/operations": {
    "200": {
      "operations": [
        {
          "operationId": "7a2a0bcd-3db7-808c-ad24-220f00000000",
          "kind": "hangup",
          "of": {
            "kind": "exports",
            "name": "lazy"
          },
          "state": "done",
          "phase": "done",
          "startedAt": "2026-11-30T08:34:56.023Z",
          "deadlineAt": "2026-11-30T08:34:57.024Z",
          "endedAt": "2026-11-30T08:34:56.144Z",
          "did": {
            "requestsCancelled": 0,
            "leasesBroken": 0,
            "leasesRevoked": 0,
            "opensClosed": 0,
            "rangesReleased": 0,
            "sessionsEnded": 0,
            "pinsDropped": 0,
            "removed": []
          },
          "filesLeft": 0
        }
      ]
    }
  },
  "post /v1/exports/{name}/resume": {
    "200": {
      "kind": "exports",
      "exportId": "3678264715534336",
      "name": "lazy",
      "version": 3678264715534338,
      "stack": "kind",
      "policy": "local",
      "region": "region",
      "onDemand": false,
      "state": "none",
      "breakMs": 1000,
      "lockDelayMs": 0,
      "breakLimitMs": 0,
      "directories": false,
      "unconfirmedFiles": 0,
      "unbackedFiles": 0,
      "delegations": 0,
      "withoutBackend": {
        "refused": 0,
        "queued": 0,
        "unbacked": 0
      }
    }
  },
  "delete /v1/regions/{name}": {
    "202": {
      "operationId": "018626e1-02ef-887b-98c1-7c3d00000000",
      "kind": "remove",
      "of": {
        "kind": "regions",
        "name": "region"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T08:34:56.520Z",
      "deadlineAt": "2026-11-30T08:34:57.520Z",
      "did": {
        "requestsCancelled": 0,
        "leasesBroken": 0,
        "leasesRevoked": 0,
        "opensClosed": 0,
        "rangesReleased": 0,
        "sessionsEnded": 0,
        "pinsDropped": 0,
        "removed": []
      },
      "filesLeft": 0
    }
  },
  "delete /v1/stacks/{name}": {},
  "get /v1/subjects": {
    "200": {
      "subjects": []
    }
  },
  "get /readyz": {
    "200": {
      "ready": true,
      "exports": [
        {
          "name": "local",
          "state": "up",
          "unconfirmedFiles": 0
        }
      ]
    }
  },
  "get /livez": {
    "200": {
      "alive": true
    }
  },
  "get /metrics": {},
  "delete /v1/sessions/{id}": {
    "200": {
      "session": {
        "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
        "ttlMs": 60000,
        "expiresAt": "2026-11-30T08:35:46.021Z",
        "lastSeenAt": "2026-11-30T08:34:46.021Z",
        "state": "live",
        "node": "n",
        "pid": 1,
        "label": "l",
        "locks": 8,
        "streams": 0
      },
      "locks": [
        {
          "id": "27f5950b-9b26-8999-8862-332900000000",
          "no": 3678264701171712,
          "kind": "lease",
          "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "export": "local",
          "file": "one",
          "fileId": "one",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 11266,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "77b59e4c-2333-8341-98ad-cfd500000000",
          "no": 3678264701429760,
          "kind": "lease",
          "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "export": "local",
          "file": "two",
          "fileId": "two",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 11140,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "66a007b3-b258-8ce0-81f7-ba8f00000000",
          "no": 3678264701429761,
          "kind": "lease",
          "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "export": "local",
          "file": "three",
          "fileId": "three",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 11140,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "97bf0060-1b2f-8fda-a7d7-08bb00000000",
          "no": 3678264704100353,
          "kind": "open",
          "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "export": "local",
          "file": "d",
          "fileId": "d",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 9836,
          "type": "read",
          "deny": "none",
          "state": "open",
          "backed": false
        },
        {
          "id": "2b7a05ef-c0d2-8dd7-8a86-db9900000000",
          "no": 3678264704100354,
          "kind": "delegation",
          "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "export": "local",
          "file": "d",
          "fileId": "d",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 9836,
          "type": "read",
          "state": "breaking",
          "token": 3678264704100352,
          "backed": false,
          "break": {
            "breakId": "b3678264712732672",
            "target": "none",
            "deadlineAt": "2026-11-30T08:35:51.767Z",
            "remainingMs": 54382,
            "cause": "change"
          }
        },
        {
          "id": "a3ba9f1d-c437-8905-a543-6be200000000",
          "no": 3678264707172353,
          "kind": "lease",
          "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "export": "local",
          "file": "batch/a",
          "fileId": "batch/a",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 8336,
          "type": "write",
          "state": "active",
          "token": 3678264707172352,
          "backed": false
        },
        {
          "id": "fd89ebe2-98c4-85ff-bf45-849500000000",
          "no": 3678264707172355,
          "kind": "lease",
          "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "export": "local",
          "file": "batch/b",
          "fileId": "batch/b",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 8336,
          "type": "write",
          "state": "active",
          "token": 3678264707172353,
          "backed": false
        },
        {
          "id": "b6fb4ec1-5f45-8465-8f50-56f200000000",
          "no": 3678264708448256,
          "kind": "permit",
          "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
          "export": "local",
          "file": "backups",
          "fileId": "backups",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 7539,
          "type": "permit",
          "state": "held",
          "token": 3678264708804608,
          "backed": false
        }
      ],
      "waiting": 0,
      "truncated": false
    }
  }
};
export const refusalExamples: Record<string, unknown> = {
  "break_started": {
    "type": "urn:leasehold:break_started",
    "title": "A conflicting lease is being broken.",
    "status": 409,
    "instance": "urn:leasehold:request:987b928bb1df-f",
    "code": "EAGAIN",
    "reason": "break_started",
    "next": "Retry with waitMs, or after the deadline of the break.",
    "blockerCount": 1,
    "retryAfterMs": 59824,
    "blockers": [
      {
        "id": "c7033bd3-3d34-8b53-afea-e59800000000",
        "kind": "lease",
        "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
        "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 913,
        "type": "read",
        "state": "breaking"
      }
    ],
    "break": {
      "breakId": "b3678264703254528",
      "target": "none",
      "deadlineAt": "2026-11-30T08:35:47.137Z",
      "remainingMs": 59824
    }
  },
  "ask_over": {
    "type": "urn:leasehold:ask_over",
    "title": "That attribute query is over: it was answered or timed out, or the lease has ended.",
    "status": 412,
    "instance": "urn:leasehold:request:987b928bb1df-l",
    "code": "ESTALE",
    "reason": "ask_over",
    "next": "Nothing to do: the answer had no effect."
  },
  "range_conflict": {
    "type": "urn:leasehold:range_conflict",
    "title": "Another owner has a conflicting lock on some of these bytes.",
    "status": 409,
    "instance": "urn:leasehold:request:987b928bb1df-q",
    "code": "EAGAIN",
    "reason": "range_conflict",
    "next": "Retry with waitMs, or after the locks in `blockers` are released.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "f463e350-0b79-82a4-bfad-cace00000000",
        "kind": "posix",
        "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
        "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 363,
        "type": "write",
        "start": "0",
        "end": "9007199254740993",
        "state": "held"
      }
    ]
  },
  "semaphore_full": {
    "type": "urn:leasehold:semaphore_full",
    "title": "All permits of the semaphore are taken.",
    "status": 409,
    "instance": "urn:leasehold:request:987b928bb1df-10",
    "code": "EAGAIN",
    "reason": "semaphore_full",
    "next": "Retry with waitMs, or after one of the permits in `blockers` is released.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "e9a379df-298e-8c02-a978-f7e100000000",
        "kind": "permit",
        "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
        "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 216,
        "type": "permit",
        "state": "held"
      }
    ]
  },
  "limit_differs": {
    "type": "urn:leasehold:limit_differs",
    "title": "The semaphore is in use with another limit.",
    "status": 400,
    "instance": "urn:leasehold:request:987b928bb1df-11",
    "code": "EINVAL",
    "reason": "limit_differs",
    "next": "Ask with the `limit` that it has, or wait until nobody holds a permit or waits for one.",
    "limit": 1
  },
  "mode_conflict": {
    "type": "urn:leasehold:mode_conflict",
    "title": "A lock in an incompatible mode is granted on this resource.",
    "status": 409,
    "instance": "urn:leasehold:request:987b928bb1df-17",
    "code": "EAGAIN",
    "reason": "mode_conflict",
    "next": "Retry with waitMs, or after the locks in `blockers` are unlocked or converted down.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "ebf3e553-f6f5-80f4-82f2-36a300000000",
        "kind": "dlm",
        "sessionId": "6bff6c77-5b51-8659-8c4f-e76a00000000",
        "owner": "6bff6c77-5b51-8659-8c4f-e76a00000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 97,
        "type": "EX",
        "state": "granted"
      }
    ]
  },
  "protocol_mismatch": {
    "type": "urn:leasehold:protocol_mismatch",
    "title": "The other side speaks another major version of the protocol.",
    "status": 400,
    "instance": "urn:leasehold:request:987b928bb1df-1j",
    "code": "EINVAL",
    "reason": "protocol_mismatch",
    "next": "Run an adapter of the same major version; connect to a lock domain with major version 1."
  },
  "connection_live": {
    "type": "urn:leasehold:connection_live",
    "title": "The connection has not been hung up.",
    "status": 409,
    "instance": "urn:leasehold:request:987b928bb1df-1m",
    "code": "EBUSY",
    "reason": "connection_live",
    "next": "POST /v1/dlm/connections/{id}/hangup first."
  },
  "no_such_connection": {
    "type": "urn:leasehold:no_such_connection",
    "title": "The session has no such connection to this lock domain.",
    "status": 404,
    "instance": "urn:leasehold:request:987b928bb1df-1p",
    "code": "ENOENT",
    "reason": "no_such_connection",
    "next": "Connect: POST /v1/dlm/connections.",
    "detail": "It was asked for as 07a27bc8-8415-81e4-97e2-2c8700000000."
  },
  "token_old": {
    "type": "urn:leasehold:token_old",
    "title": "The token is not current.",
    "status": 412,
    "instance": "urn:leasehold:request:987b928bb1df-22",
    "code": "ESTALE",
    "reason": "token_old",
    "next": "Read the lease again. Do no I/O under the old token."
  },
  "version_old": {
    "type": "urn:leasehold:version_old",
    "title": "The item has changed: it has another version.",
    "status": 412,
    "instance": "urn:leasehold:request:987b928bb1df-2c",
    "code": "ESTALE",
    "reason": "version_old",
    "next": "Read it again and repeat the change with its current `version` in If-Match.",
    "version": 3678264715534338
  },
  "has_dependents": {
    "type": "urn:leasehold:has_dependents",
    "title": "Other items depend on this one.",
    "status": 409,
    "instance": "urn:leasehold:request:987b928bb1df-2i",
    "code": "EBUSY",
    "reason": "has_dependents",
    "next": "Remove what `dependents` lists first, or remove the item with force=true.",
    "dependents": [
      {
        "kind": "exports",
        "name": "lazy"
      },
      {
        "kind": "pins",
        "name": "130d749d-dca1-84fd-a2d8-742700000000",
        "because": "it is used",
        "by": {
          "kind": "sessions",
          "name": "6bff6c77-5b51-8659-8c4f-e76a00000000"
        }
      }
    ]
  },
  "no_such_adapter": {
    "type": "urn:leasehold:no_such_adapter",
    "title": "The stack has no such adapter.",
    "status": 404,
    "instance": "urn:leasehold:request:987b928bb1df-3f",
    "code": "ENOENT",
    "reason": "no_such_adapter",
    "next": "GET /v1/stacks/{name} lists its adapters with their incarnations."
  },
  "bad_request": {
    "type": "urn:leasehold:bad_request",
    "title": "The request is malformed.",
    "status": 400,
    "instance": "urn:leasehold:request:987b928bb1df-3k",
    "code": "EINVAL",
    "reason": "bad_request",
    "next": "Correct the fields named in `issues`; nothing was changed.",
    "detail": "The filter `file` needs the filter `export`."
  },
  "no_right": {
    "type": "urn:leasehold:no_right",
    "title": "The caller has no right to do this.",
    "status": 403,
    "instance": "urn:leasehold:request:987b928bb1df-3q",
    "code": "EPERM",
    "reason": "no_right",
    "next": "Act as a caller that has it, or have it granted in LEASEHOLD_CALLERS (docs/rights.md).",
    "detail": "A dry run is not for the session itself."
  },
  "session_expired": {
    "type": "urn:leasehold:session_expired",
    "title": "The session has expired or ended.",
    "status": 412,
    "instance": "urn:leasehold:request:987b928bb1df-3s",
    "code": "ESTALE",
    "reason": "session_expired",
    "next": "Create a new session and acquire its leases again."
  }
};
