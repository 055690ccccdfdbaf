/** What e2e/openapi sent and was answered; WRITE=1 prints it again. */
export const examples: Record<string, Record<string, unknown>> = {
  "post /v1/sessions": {
    "201": {
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T02:19:12.575Z",
      "lastSeenAt": "2026-11-30T02:18:12.575Z",
      "state": "live",
      "node": "n",
      "pid": 1,
      "label": "l",
      "locks": 0,
      "streams": 0,
      "secret": "iWSR7gFeO0VlpncW4YK25ZVjuXM9to8CDOJ61FDF6tY"
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
          "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
          "ttlMs": 60000,
          "expiresAt": "2026-11-30T02:19:12.575Z",
          "lastSeenAt": "2026-11-30T02:18:12.575Z",
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
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T02:19:12.575Z",
      "lastSeenAt": "2026-11-30T02:18:12.575Z",
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
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T02:19:12.621Z",
      "lastSeenAt": "2026-11-30T02:18:12.621Z",
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
      "leaseId": "efc19ea5-1308-81fc-b463-559400000000",
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "export": "local",
      "file": "one",
      "fileId": "one",
      "type": "none",
      "delegation": false,
      "state": "allocated",
      "token": 0,
      "stateid": {
        "seqid": 0,
        "other": "efc19ea5130881fcb4635594"
      },
      "backed": false
    },
    "request": {
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "export": "local",
      "file": "one"
    }
  },
  "post /v1/leases/acquire": {
    "201": {
      "leaseId": "53022abb-86c1-8881-b872-1d4300000000",
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "write",
      "delegation": false,
      "state": "active",
      "token": 3678218429802496,
      "stateid": {
        "seqid": 1,
        "other": "53022abb86c18881b8721d43"
      },
      "backed": false
    },
    "request": {
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "export": "local",
      "file": "a",
      "type": "write"
    }
  },
  "get /v1/leases": {
    "200": {
      "leases": [
        {
          "leaseId": "efc19ea5-1308-81fc-b463-559400000000",
          "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
          "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
          "export": "local",
          "file": "one",
          "fileId": "one",
          "type": "none",
          "delegation": false,
          "state": "allocated",
          "token": 0,
          "stateid": {
            "seqid": 0,
            "other": "efc19ea5130881fcb4635594"
          },
          "backed": false
        },
        {
          "leaseId": "bae108f4-01a4-8c97-ab86-035700000000",
          "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
          "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
          "export": "local",
          "file": "two",
          "fileId": "two",
          "type": "none",
          "delegation": false,
          "state": "allocated",
          "token": 0,
          "stateid": {
            "seqid": 0,
            "other": "bae108f401a48c97ab860357"
          },
          "backed": false
        }
      ],
      "cursor": "3678218429777920"
    }
  },
  "put /v1/leases/{id}": {
    "200": {
      "leaseId": "53022abb-86c1-8881-b872-1d4300000000",
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "read",
      "delegation": false,
      "state": "active",
      "token": 3678218429865984,
      "stateid": {
        "seqid": 2,
        "other": "53022abb86c18881b8721d43"
      },
      "backed": false
    },
    "request": {
      "type": "read",
      "ifToken": 3678218429802496
    }
  },
  "post /v1/opens": {
    "201": {
      "openId": "4644fd92-b816-8506-b863-055d00000000",
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "read",
      "deny": "none",
      "state": "open",
      "stateid": {
        "seqid": 1,
        "other": "4644fd92b8168506b863055d"
      },
      "backed": false
    },
    "request": {
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "export": "local",
      "file": "b",
      "access": "read"
    }
  },
  "get /v1/opens/{id}": {
    "200": {
      "openId": "4644fd92-b816-8506-b863-055d00000000",
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "read",
      "deny": "none",
      "state": "open",
      "stateid": {
        "seqid": 1,
        "other": "4644fd92b8168506b863055d"
      },
      "backed": false
    }
  },
  "post /v1/locks/{id}/break": {
    "200": {
      "break": {
        "breakId": "b3678218429970432",
        "target": "none",
        "deadlineAt": "2026-11-30T02:19:12.759Z",
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
      "leaseId": "53022abb-86c1-8881-b872-1d4300000000",
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "read",
      "delegation": false,
      "state": "breaking",
      "token": 3678218429865984,
      "stateid": {
        "seqid": 2,
        "other": "53022abb86c18881b8721d43"
      },
      "backed": false,
      "break": {
        "breakId": "b3678218429970432",
        "target": "none",
        "deadlineAt": "2026-11-30T02:19:12.759Z",
        "remainingMs": 59988,
        "cause": "admin"
      }
    }
  },
  "put /v1/opens/{id}": {
    "200": {
      "openId": "4644fd92-b816-8506-b863-055d00000000",
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "both",
      "deny": "write",
      "state": "open",
      "stateid": {
        "seqid": 2,
        "other": "4644fd92b8168506b863055d"
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
      "id": "ce6530e4-1f62-8bbd-bd46-a33e00000000",
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
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
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
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "export": "local",
      "file": "a",
      "change": 1,
      "size": "2"
    }
  },
  "post /v1/ranges": {
    "201": {
      "rangeId": "bfd70a16-a660-8e10-9133-b87000000000",
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
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
      "rangeId": "06bb9576-f464-8adb-b7e7-c65800000000",
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
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
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
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
      "rangeId": "bfd70a16-a660-8e10-9133-b87000000000",
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
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
        "id": "bfd70a16-a660-8e10-9133-b87000000000",
        "kind": "posix",
        "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
        "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 32,
        "type": "write",
        "start": "0",
        "end": "9007199254740993",
        "state": "held"
      }
    },
    "request": {
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
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
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
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
      "id": "06bb9576-f464-8adb-b7e7-c65800000000",
      "kind": "range",
      "ahead": 0,
      "remainingMs": 59987,
      "why": {
        "type": "urn:leasehold:range_conflict",
        "title": "Another owner has a conflicting lock on some of these bytes.",
        "code": "EAGAIN",
        "reason": "range_conflict",
        "next": "Retry with waitMs, or after the locks in `blockers` are released.",
        "blockerCount": 1,
        "blockers": [
          {
            "id": "bfd70a16-a660-8e10-9133-b87000000000",
            "kind": "posix",
            "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
            "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
            "pid": 1,
            "label": "l",
            "node": "n",
            "ageMs": 77,
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
          "id": "bfd70a16-a660-8e10-9133-b87000000000",
          "no": 3678218430367745,
          "kind": "posix",
          "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
          "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
          "export": "local",
          "file": "r",
          "fileId": "r",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 95,
          "type": "write",
          "start": "0",
          "end": "9007199254740993",
          "state": "held",
          "backed": false,
          "waiters": [
            {
              "id": "06bb9576-f464-8adb-b7e7-c65800000000",
              "no": 3678218430498816,
              "kind": "posix",
              "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
              "owner": "other",
              "export": "local",
              "file": "r",
              "fileId": "r",
              "inode": "<none>:0",
              "pid": 1,
              "label": "l",
              "node": "n",
              "ageMs": 31,
              "type": "read",
              "start": "0",
              "end": "9007199254740993",
              "waits": "read",
              "state": "waiting",
              "backed": false,
              "blockedBy": "bfd70a16-a660-8e10-9133-b87000000000"
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
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "export": "local",
      "file": "r",
      "class": "posix",
      "start": 0,
      "end": "9007199254740993"
    }
  },
  "post /v1/dlm/locks": {
    "201": {
      "lockId": "8f3c2416-eba2-8eb1-b311-be4900000000",
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "EX",
      "seqid": 1,
      "token": 3678218430619648
    },
    "202": {
      "lockId": "8376bd67-ca5a-8eb6-a7bb-5fca00000000",
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "export": "local",
      "resource": "res",
      "state": "waiting",
      "wants": "PR",
      "seqid": 0
    },
    "request": {
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
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
          "lockId": "8f3c2416-eba2-8eb1-b311-be4900000000",
          "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
          "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
          "export": "local",
          "resource": "res",
          "state": "granted",
          "mode": "EX",
          "seqid": 1,
          "token": 3678218430619648,
          "blocking": "PR"
        },
        {
          "lockId": "8376bd67-ca5a-8eb6-a7bb-5fca00000000",
          "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
          "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
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
      "lockId": "8f3c2416-eba2-8eb1-b311-be4900000000",
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "EX",
      "seqid": 1,
      "token": 3678218430619648,
      "blocking": "PR"
    }
  },
  "put /v1/dlm/locks/{id}": {
    "200": {
      "lockId": "8f3c2416-eba2-8eb1-b311-be4900000000",
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "PW",
      "seqid": 2,
      "token": 3678218430619648,
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
          "lockId": "8f3c2416-eba2-8eb1-b311-be4900000000",
          "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
          "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
          "export": "local",
          "resource": "res",
          "state": "granted",
          "mode": "PW",
          "seqid": 2,
          "token": 3678218430619648,
          "blocking": "PR",
          "pid": 1,
          "node": "n"
        }
      ],
      "converting": [],
      "waiting": [
        {
          "lockId": "8376bd67-ca5a-8eb6-a7bb-5fca00000000",
          "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
          "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
          "export": "local",
          "resource": "res",
          "state": "waiting",
          "wants": "PR",
          "seqid": 0,
          "pid": 1,
          "node": "n",
          "valblk": true,
          "remainingMs": 59936
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
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "lockId": "8376bd67-ca5a-8eb6-a7bb-5fca00000000"
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
      "connectionId": "4ed41db0-3e84-840e-9b54-198e00000000",
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
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
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
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
          "connectionId": "4ed41db0-3e84-840e-9b54-198e00000000",
          "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
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
      "connectionId": "4ed41db0-3e84-840e-9b54-198e00000000",
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
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
      "connectionId": "4ed41db0-3e84-840e-9b54-198e00000000",
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
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
      "changeId": "fa059cee-2267-8bad-bf67-923c00000000",
      "owner": "other",
      "export": "local",
      "file": "d",
      "kind": "truncate",
      "state": "allowed"
    },
    "202": {
      "changeId": "9edee0ea-aed2-8dbe-bcac-ac4b00000000",
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
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
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
      "id": "53022abb-86c1-8881-b872-1d4300000000",
      "no": 3678218429802497,
      "kind": "lease",
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "inode": "<none>:0",
      "pid": 1,
      "label": "l",
      "node": "n",
      "ageMs": 683,
      "type": "read",
      "state": "breaking",
      "token": 3678218429865984,
      "backed": false,
      "break": {
        "breakId": "b3678218429970432",
        "target": "none",
        "deadlineAt": "2026-11-30T02:19:12.760Z",
        "remainingMs": 59400,
        "cause": "admin"
      }
    }
  },
  "get /v1/fences": {
    "200": {
      "export": "local",
      "file": "a",
      "fileId": "a",
      "highestToken": 3678218429865984
    }
  },
  "post /v1/fences/check": {
    "200": {
      "valid": true,
      "leaseId": "53022abb-86c1-8881-b872-1d4300000000",
      "type": "read",
      "state": "breaking"
    },
    "request": {
      "export": "local",
      "file": "a",
      "token": 3678218429865984,
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
      "version": 3678218431358978,
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
      "version": 3678218431383553,
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
      "version": 3678218431401985,
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
      "exportId": "3678218431449088",
      "name": "lazy",
      "version": 3678218431449090,
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
          "version": 3678218428006403,
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
          "version": 3678218431358978,
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
      "version": 3678218431358978,
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
      "pinId": "e249d56c-664f-842d-9db3-777000000000",
      "on": {
        "kind": "stacks",
        "name": "kind"
      },
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "because": "it is used"
    }
  },
  "get /v1/pins/{id}": {
    "200": {
      "pinId": "e249d56c-664f-842d-9db3-777000000000",
      "on": {
        "kind": "stacks",
        "name": "kind"
      },
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
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
          "name": "e249d56c-664f-842d-9db3-777000000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "d6c16e11-b5a9-83f1-8afb-072900000000"
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
          "exportId": "3678218428006400",
          "name": "local",
          "version": 3678218428006401,
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
          "exportId": "3678218431449088",
          "name": "lazy",
          "version": 3678218431449090,
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
      "exportId": "3678218431449088",
      "name": "lazy",
      "version": 3678218431449090,
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
      "pinId": "4e864e7c-970c-8f97-ab28-cf0400000000",
      "on": {
        "kind": "exports",
        "name": "lazy"
      },
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "because": "it is used"
    }
  },
  "get /v1/exports/{name}/dependents": {
    "200": {
      "dependents": [
        {
          "kind": "pins",
          "name": "4e864e7c-970c-8f97-ab28-cf0400000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "d6c16e11-b5a9-83f1-8afb-072900000000"
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
          "version": 3678218431401985,
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
      "version": 3678218431401985,
      "region": "region",
      "state": "down",
      "sessions": 0,
      "removing": false
    }
  },
  "post /v1/nodes/{name}/pins": {
    "201": {
      "pinId": "dfeab5db-e931-8e81-bb28-ad1900000000",
      "on": {
        "kind": "nodes",
        "name": "node"
      },
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "because": "it is used"
    }
  },
  "get /v1/nodes/{name}/dependents": {
    "200": {
      "dependents": [
        {
          "kind": "pins",
          "name": "dfeab5db-e931-8e81-bb28-ad1900000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "d6c16e11-b5a9-83f1-8afb-072900000000"
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
          "version": 3678218431383553,
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
      "version": 3678218431383553,
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
      "pinId": "e5662e20-9f7b-8862-8e5f-e3c800000000",
      "on": {
        "kind": "regions",
        "name": "region"
      },
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "because": "it is used"
    },
    "request": {
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
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
          "name": "e5662e20-9f7b-8862-8e5f-e3c800000000",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "d6c16e11-b5a9-83f1-8afb-072900000000"
          }
        }
      ]
    }
  },
  "post /v1/regions/{name}/subscriptions": {
    "201": {
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "priority": 100,
      "region": "region"
    },
    "request": {
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000"
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
      "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
      "noticeId": "n0"
    }
  },
  "delete /v1/regions/{name}/subscriptions/{sessionId}": {},
  "post /v1/exports/{name}/hangup": {
    "202": {
      "operationId": "a1a413f2-51c2-8882-99b9-9f8500000000",
      "kind": "hangup",
      "of": {
        "kind": "exports",
        "name": "lazy"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T02:18:13.800Z",
      "deadlineAt": "2026-11-30T02:18:14.800Z",
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
      "operationId": "a1a413f2-51c2-8882-99b9-9f8500000000",
      "kind": "hangup",
      "of": {
        "kind": "exports",
        "name": "lazy"
      },
      "state": "done",
      "phase": "done",
      "startedAt": "2026-11-30T02:18:13.800Z",
      "deadlineAt": "2026-11-30T02:18:14.800Z",
      "endedAt": "2026-11-30T02:18:14.036Z",
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
          "operationId": "a1a413f2-51c2-8882-99b9-9f8500000000",
          "kind": "hangup",
          "of": {
            "kind": "exports",
            "name": "lazy"
          },
          "state": "done",
          "phase": "done",
          "startedAt": "2026-11-30T02:18:13.800Z",
          "deadlineAt": "2026-11-30T02:18:14.800Z",
          "endedAt": "2026-11-30T02:18:14.036Z",
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
      "exportId": "3678218431449088",
      "name": "lazy",
      "version": 3678218431449090,
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
      "operationId": "fb68678c-ca7f-8bd7-9574-f10500000000",
      "kind": "remove",
      "of": {
        "kind": "regions",
        "name": "region"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T02:18:14.104Z",
      "deadlineAt": "2026-11-30T02:18:15.104Z",
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
        "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
        "ttlMs": 60000,
        "expiresAt": "2026-11-30T02:19:12.621Z",
        "lastSeenAt": "2026-11-30T02:18:12.621Z",
        "state": "live",
        "node": "n",
        "pid": 1,
        "label": "l",
        "locks": 5,
        "streams": 0
      },
      "locks": [
        {
          "id": "efc19ea5-1308-81fc-b463-559400000000",
          "no": 3678218429743104,
          "kind": "lease",
          "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
          "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
          "export": "local",
          "file": "one",
          "fileId": "one",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1748,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "bae108f4-01a4-8c97-ab86-035700000000",
          "no": 3678218429777920,
          "kind": "lease",
          "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
          "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
          "export": "local",
          "file": "two",
          "fileId": "two",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1731,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "3d1674bb-f588-8413-983a-2a9900000000",
          "no": 3678218429777921,
          "kind": "lease",
          "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
          "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
          "export": "local",
          "file": "three",
          "fileId": "three",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1731,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "87093bf8-8f85-8d3f-888f-0a3100000000",
          "no": 3678218430156801,
          "kind": "open",
          "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
          "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
          "export": "local",
          "file": "d",
          "fileId": "d",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1546,
          "type": "read",
          "deny": "none",
          "state": "open",
          "backed": false
        },
        {
          "id": "ce6530e4-1f62-8bbd-bd46-a33e00000000",
          "no": 3678218430156802,
          "kind": "delegation",
          "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
          "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
          "export": "local",
          "file": "d",
          "fileId": "d",
          "inode": "<none>:0",
          "pid": 1,
          "label": "l",
          "node": "n",
          "ageMs": 1546,
          "type": "read",
          "state": "breaking",
          "token": 3678218430156800,
          "backed": false,
          "break": {
            "breakId": "b3678218431121408",
            "target": "none",
            "deadlineAt": "2026-11-30T02:19:13.321Z",
            "remainingMs": 58925,
            "cause": "change"
          }
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
    "instance": "urn:leasehold:request:9a6c84622d3a-f",
    "code": "EAGAIN",
    "reason": "break_started",
    "next": "Retry with waitMs, or after the deadline of the break.",
    "blockerCount": 1,
    "retryAfterMs": 59968,
    "blockers": [
      {
        "id": "53022abb-86c1-8881-b872-1d4300000000",
        "kind": "lease",
        "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
        "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 115,
        "type": "read",
        "state": "breaking"
      }
    ],
    "break": {
      "breakId": "b3678218429970432",
      "target": "none",
      "deadlineAt": "2026-11-30T02:19:12.760Z",
      "remainingMs": 59968
    }
  },
  "ask_over": {
    "type": "urn:leasehold:ask_over",
    "title": "That attribute query is over: it was answered or timed out, or the lease has ended.",
    "status": 412,
    "instance": "urn:leasehold:request:9a6c84622d3a-l",
    "code": "ESTALE",
    "reason": "ask_over",
    "next": "Nothing to do: the answer had no effect."
  },
  "range_conflict": {
    "type": "urn:leasehold:range_conflict",
    "title": "Another owner has a conflicting lock on some of these bytes.",
    "status": 409,
    "instance": "urn:leasehold:request:9a6c84622d3a-q",
    "code": "EAGAIN",
    "reason": "range_conflict",
    "next": "Retry with waitMs, or after the locks in `blockers` are released.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "bfd70a16-a660-8e10-9133-b87000000000",
        "kind": "posix",
        "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
        "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 46,
        "type": "write",
        "start": "0",
        "end": "9007199254740993",
        "state": "held"
      }
    ]
  },
  "mode_conflict": {
    "type": "urn:leasehold:mode_conflict",
    "title": "A lock in an incompatible mode is granted on this resource.",
    "status": 409,
    "instance": "urn:leasehold:request:9a6c84622d3a-x",
    "code": "EAGAIN",
    "reason": "mode_conflict",
    "next": "Retry with waitMs, or after the locks in `blockers` are unlocked or converted down.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "8f3c2416-eba2-8eb1-b311-be4900000000",
        "kind": "dlm",
        "sessionId": "d6c16e11-b5a9-83f1-8afb-072900000000",
        "owner": "d6c16e11-b5a9-83f1-8afb-072900000000",
        "pid": 1,
        "label": "l",
        "node": "n",
        "ageMs": 17,
        "type": "EX",
        "state": "granted"
      }
    ]
  },
  "protocol_mismatch": {
    "type": "urn:leasehold:protocol_mismatch",
    "title": "The other side speaks another major version of the protocol.",
    "status": 400,
    "instance": "urn:leasehold:request:9a6c84622d3a-19",
    "code": "EINVAL",
    "reason": "protocol_mismatch",
    "next": "Run an adapter of the same major version; connect to a lock domain with major version 1."
  },
  "connection_live": {
    "type": "urn:leasehold:connection_live",
    "title": "The connection has not been hung up.",
    "status": 409,
    "instance": "urn:leasehold:request:9a6c84622d3a-1c",
    "code": "EBUSY",
    "reason": "connection_live",
    "next": "POST /v1/dlm/connections/{id}/hangup first."
  },
  "no_such_connection": {
    "type": "urn:leasehold:no_such_connection",
    "title": "The session has no such connection to this lock domain.",
    "status": 404,
    "instance": "urn:leasehold:request:9a6c84622d3a-1f",
    "code": "ENOENT",
    "reason": "no_such_connection",
    "next": "Connect: POST /v1/dlm/connections.",
    "detail": "It was asked for as 4ed41db0-3e84-840e-9b54-198e00000000."
  },
  "token_old": {
    "type": "urn:leasehold:token_old",
    "title": "The token is not current.",
    "status": 412,
    "instance": "urn:leasehold:request:9a6c84622d3a-1s",
    "code": "ESTALE",
    "reason": "token_old",
    "next": "Read the lease again. Do no I/O under the old token."
  },
  "version_old": {
    "type": "urn:leasehold:version_old",
    "title": "The item has changed: it has another version.",
    "status": 412,
    "instance": "urn:leasehold:request:9a6c84622d3a-22",
    "code": "ESTALE",
    "reason": "version_old",
    "next": "Read it again and repeat the change with its current `version` in If-Match.",
    "version": 3678218431449090
  },
  "has_dependents": {
    "type": "urn:leasehold:has_dependents",
    "title": "Other items depend on this one.",
    "status": 409,
    "instance": "urn:leasehold:request:9a6c84622d3a-28",
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
        "name": "e249d56c-664f-842d-9db3-777000000000",
        "because": "it is used",
        "by": {
          "kind": "sessions",
          "name": "d6c16e11-b5a9-83f1-8afb-072900000000"
        }
      }
    ]
  },
  "no_such_adapter": {
    "type": "urn:leasehold:no_such_adapter",
    "title": "The stack has no such adapter.",
    "status": 404,
    "instance": "urn:leasehold:request:9a6c84622d3a-35",
    "code": "ENOENT",
    "reason": "no_such_adapter",
    "next": "GET /v1/stacks/{name} lists its adapters with their incarnations."
  },
  "bad_request": {
    "type": "urn:leasehold:bad_request",
    "title": "The request is malformed.",
    "status": 400,
    "instance": "urn:leasehold:request:9a6c84622d3a-3a",
    "code": "EINVAL",
    "reason": "bad_request",
    "next": "Correct the fields named in `issues`; nothing was changed.",
    "detail": "The filter `file` needs the filter `export`."
  },
  "no_right": {
    "type": "urn:leasehold:no_right",
    "title": "The caller has no right to do this.",
    "status": 403,
    "instance": "urn:leasehold:request:9a6c84622d3a-3f",
    "code": "EPERM",
    "reason": "no_right",
    "next": "Act as a caller that has it, or have it granted in LEASEHOLD_CALLERS (docs/rights.md).",
    "detail": "A dry run is not for the session itself."
  },
  "session_expired": {
    "type": "urn:leasehold:session_expired",
    "title": "The session has expired or ended.",
    "status": 412,
    "instance": "urn:leasehold:request:9a6c84622d3a-3h",
    "code": "ESTALE",
    "reason": "session_expired",
    "next": "Create a new session and acquire its leases again."
  }
};
