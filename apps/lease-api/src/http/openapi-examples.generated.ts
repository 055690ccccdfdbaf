/** What e2e/openapi sent and was answered; WRITE=1 prints it again. */
export const examples: Record<string, Record<string, unknown>> = {
  "post /v1/sessions": {
    "201": {
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T01:18:25.421Z",
      "lastSeenAt": "2026-11-30T01:17:25.421Z",
      "state": "live",
      "node": "n",
      "pid": 1,
      "label": "l",
      "locks": 0,
      "streams": 0,
      "secret": "PVrhuSNBUXP60FKnBHMj9ka4JH8QiP53fXjRPxE5xHI"
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
          "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
          "ttlMs": 60000,
          "expiresAt": "2026-11-30T01:18:25.420Z",
          "lastSeenAt": "2026-11-30T01:17:25.420Z",
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
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T01:18:25.421Z",
      "lastSeenAt": "2026-11-30T01:17:25.421Z",
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
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "ttlMs": 60000,
      "expiresAt": "2026-11-30T01:18:25.768Z",
      "lastSeenAt": "2026-11-30T01:17:25.768Z",
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
      "leaseId": "00000000-5293-8a13-902e-156ab5fc02fb",
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "owner": "00000000-5077-8314-b6b0-05ae63366644",
      "export": "local",
      "file": "one",
      "fileId": "one",
      "type": "none",
      "delegation": false,
      "state": "allocated",
      "token": 0,
      "stateid": {
        "seqid": 0,
        "other": "52938a13902e156ab5fc02fb"
      },
      "backed": false
    },
    "request": {
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "export": "local",
      "file": "one"
    }
  },
  "post /v1/leases/acquire": {
    "201": {
      "leaseId": "00000000-f3ba-874a-9c4e-dbd0dbdcf4ba",
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "owner": "00000000-5077-8314-b6b0-05ae63366644",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "write",
      "delegation": false,
      "state": "active",
      "token": 3678210961582080,
      "stateid": {
        "seqid": 1,
        "other": "f3ba874a9c4edbd0dbdcf4ba"
      },
      "backed": false
    },
    "request": {
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "export": "local",
      "file": "a",
      "type": "write"
    }
  },
  "get /v1/leases": {
    "200": {
      "leases": [
        {
          "leaseId": "00000000-5293-8a13-902e-156ab5fc02fb",
          "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
          "owner": "00000000-5077-8314-b6b0-05ae63366644",
          "export": "local",
          "file": "one",
          "fileId": "one",
          "type": "none",
          "delegation": false,
          "state": "allocated",
          "token": 0,
          "stateid": {
            "seqid": 0,
            "other": "52938a13902e156ab5fc02fb"
          },
          "backed": false
        },
        {
          "leaseId": "00000000-50a0-8c7e-8dee-1e251ea0dc3c",
          "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
          "owner": "00000000-5077-8314-b6b0-05ae63366644",
          "export": "local",
          "file": "two",
          "fileId": "two",
          "type": "none",
          "delegation": false,
          "state": "allocated",
          "token": 0,
          "stateid": {
            "seqid": 0,
            "other": "50a08c7e8dee1e251ea0dc3c"
          },
          "backed": false
        }
      ],
      "cursor": "3678210961364992"
    }
  },
  "put /v1/leases/{id}": {
    "200": {
      "leaseId": "00000000-f3ba-874a-9c4e-dbd0dbdcf4ba",
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "owner": "00000000-5077-8314-b6b0-05ae63366644",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "read",
      "delegation": false,
      "state": "active",
      "token": 3678210961926144,
      "stateid": {
        "seqid": 2,
        "other": "f3ba874a9c4edbd0dbdcf4ba"
      },
      "backed": false
    },
    "request": {
      "type": "read",
      "ifToken": 3678210961582080
    }
  },
  "post /v1/opens": {
    "201": {
      "openId": "00000000-eb66-83c9-af58-200144a257f8",
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "owner": "00000000-5077-8314-b6b0-05ae63366644",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "read",
      "deny": "none",
      "state": "open",
      "stateid": {
        "seqid": 1,
        "other": "eb6683c9af58200144a257f8"
      },
      "backed": false
    },
    "request": {
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "export": "local",
      "file": "b",
      "access": "read"
    }
  },
  "get /v1/opens/{id}": {
    "200": {
      "openId": "00000000-eb66-83c9-af58-200144a257f8",
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "owner": "00000000-5077-8314-b6b0-05ae63366644",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "read",
      "deny": "none",
      "state": "open",
      "stateid": {
        "seqid": 1,
        "other": "eb6683c9af58200144a257f8"
      },
      "backed": false
    }
  },
  "post /v1/locks/{id}/break": {
    "200": {
      "break": {
        "breakId": "b3678210962737152",
        "target": "none",
        "deadlineAt": "2026-11-30T01:18:26.649Z",
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
      "leaseId": "00000000-f3ba-874a-9c4e-dbd0dbdcf4ba",
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "owner": "00000000-5077-8314-b6b0-05ae63366644",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "type": "read",
      "delegation": false,
      "state": "breaking",
      "token": 3678210961926144,
      "stateid": {
        "seqid": 2,
        "other": "f3ba874a9c4edbd0dbdcf4ba"
      },
      "backed": false,
      "break": {
        "breakId": "b3678210962737152",
        "target": "none",
        "deadlineAt": "2026-11-30T01:18:26.649Z",
        "remainingMs": 59919,
        "cause": "admin"
      }
    }
  },
  "put /v1/opens/{id}": {
    "200": {
      "openId": "00000000-eb66-83c9-af58-200144a257f8",
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "owner": "00000000-5077-8314-b6b0-05ae63366644",
      "export": "local",
      "file": "b",
      "fileId": "b",
      "access": "both",
      "deny": "write",
      "state": "open",
      "stateid": {
        "seqid": 2,
        "other": "eb6683c9af58200144a257f8"
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
      "id": "00000000-9980-899c-9dd0-a85e651d808b",
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
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
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
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "export": "local",
      "file": "a",
      "change": 1,
      "size": "2"
    }
  },
  "post /v1/ranges": {
    "201": {
      "rangeId": "00000000-ad9f-86d0-b7ec-b88b6de0bf65",
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "owner": "00000000-5077-8314-b6b0-05ae63366644",
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
      "rangeId": "00000000-9f96-8c9a-b448-d7f1858b4fbb",
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
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
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
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
      "rangeId": "00000000-ad9f-86d0-b7ec-b88b6de0bf65",
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "owner": "00000000-5077-8314-b6b0-05ae63366644",
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
        "id": "00000000-ad9f-86d0-b7ec-b88b6de0bf65",
        "kind": "posix",
        "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
        "owner": "00000000-5077-8314-b6b0-05ae63366644",
        "pid": 1,
        "type": "write",
        "state": "held",
        "start": "0",
        "end": "9007199254740993"
      }
    },
    "request": {
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
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
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
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
      "id": "00000000-9f96-8c9a-b448-d7f1858b4fbb",
      "kind": "range",
      "ahead": 0,
      "remainingMs": 59866,
      "why": {
        "type": "urn:leasehold:range_conflict",
        "title": "Another owner has a conflicting lock on some of these bytes.",
        "code": "EAGAIN",
        "reason": "range_conflict",
        "next": "Retry with waitMs, or after the locks in `blockers` are released.",
        "blockerCount": 1,
        "blockers": [
          {
            "id": "00000000-ad9f-86d0-b7ec-b88b6de0bf65",
            "kind": "posix",
            "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
            "owner": "00000000-5077-8314-b6b0-05ae63366644",
            "pid": 1,
            "type": "write",
            "state": "held",
            "start": "0",
            "end": "9007199254740993"
          }
        ]
      }
    }
  },
  "get /v1/locks": {
    "200": {
      "locks": [
        {
          "id": "00000000-ad9f-86d0-b7ec-b88b6de0bf65",
          "no": 3678210964838401,
          "kind": "posix",
          "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
          "owner": "00000000-5077-8314-b6b0-05ae63366644",
          "export": "local",
          "file": "r",
          "fileId": "r",
          "inode": "<none>:0",
          "pid": 1,
          "type": "write",
          "start": "0",
          "end": "9007199254740993",
          "state": "held",
          "backed": false,
          "waiters": [
            {
              "id": "00000000-9f96-8c9a-b448-d7f1858b4fbb",
              "no": 3678210965921792,
              "kind": "posix",
              "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
              "owner": "other",
              "export": "local",
              "file": "r",
              "fileId": "r",
              "inode": "<none>:0",
              "pid": 1,
              "type": "read",
              "start": "0",
              "end": "9007199254740993",
              "waits": "read",
              "state": "waiting",
              "backed": false,
              "blockedBy": "00000000-ad9f-86d0-b7ec-b88b6de0bf65"
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
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "export": "local",
      "file": "r",
      "class": "posix",
      "start": 0,
      "end": "9007199254740993"
    }
  },
  "post /v1/dlm/locks": {
    "201": {
      "lockId": "00000000-8253-870d-be00-86edbb852c4d",
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "owner": "00000000-5077-8314-b6b0-05ae63366644",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "EX",
      "seqid": 1,
      "token": 3678210967089152
    },
    "202": {
      "lockId": "00000000-d628-8080-b25a-e53c121b9e9f",
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "owner": "00000000-5077-8314-b6b0-05ae63366644",
      "export": "local",
      "resource": "res",
      "state": "waiting",
      "wants": "PR",
      "seqid": 0
    },
    "request": {
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
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
          "lockId": "00000000-8253-870d-be00-86edbb852c4d",
          "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
          "owner": "00000000-5077-8314-b6b0-05ae63366644",
          "export": "local",
          "resource": "res",
          "state": "granted",
          "mode": "EX",
          "seqid": 1,
          "token": 3678210967089152,
          "blocking": "PR"
        },
        {
          "lockId": "00000000-d628-8080-b25a-e53c121b9e9f",
          "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
          "owner": "00000000-5077-8314-b6b0-05ae63366644",
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
      "lockId": "00000000-8253-870d-be00-86edbb852c4d",
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "owner": "00000000-5077-8314-b6b0-05ae63366644",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "EX",
      "seqid": 1,
      "token": 3678210967089152,
      "blocking": "PR"
    }
  },
  "put /v1/dlm/locks/{id}": {
    "200": {
      "lockId": "00000000-8253-870d-be00-86edbb852c4d",
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "owner": "00000000-5077-8314-b6b0-05ae63366644",
      "export": "local",
      "resource": "res",
      "state": "granted",
      "mode": "PW",
      "seqid": 2,
      "token": 3678210967089152,
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
          "lockId": "00000000-8253-870d-be00-86edbb852c4d",
          "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
          "owner": "00000000-5077-8314-b6b0-05ae63366644",
          "export": "local",
          "resource": "res",
          "state": "granted",
          "mode": "PW",
          "seqid": 2,
          "token": 3678210967089152,
          "blocking": "PR"
        }
      ],
      "converting": [],
      "waiting": [
        {
          "lockId": "00000000-d628-8080-b25a-e53c121b9e9f",
          "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
          "owner": "00000000-5077-8314-b6b0-05ae63366644",
          "export": "local",
          "resource": "res",
          "state": "waiting",
          "wants": "PR",
          "seqid": 0
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
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "lockId": "00000000-d628-8080-b25a-e53c121b9e9f"
    }
  },
  "post /v1/dlm/locks/{id}/unlock": {
    "200": {
      "unlocked": true
    },
    "request": {}
  },
  "post /v1/files/changes": {
    "200": {
      "changeId": "00000000-75bc-87fb-bd88-62b484a832df",
      "owner": "other",
      "export": "local",
      "file": "d",
      "kind": "truncate",
      "state": "allowed"
    },
    "202": {
      "changeId": "00000000-cd93-8da8-9e09-d66afd028568",
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
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
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
      "id": "00000000-f3ba-874a-9c4e-dbd0dbdcf4ba",
      "no": 3678210961582081,
      "kind": "lease",
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "owner": "00000000-5077-8314-b6b0-05ae63366644",
      "export": "local",
      "file": "a",
      "fileId": "a",
      "inode": "<none>:0",
      "pid": 1,
      "type": "read",
      "state": "breaking",
      "token": 3678210961926144,
      "backed": false,
      "break": {
        "breakId": "b3678210962737152",
        "target": "none",
        "deadlineAt": "2026-11-30T01:18:26.673Z",
        "remainingMs": 56512,
        "cause": "admin"
      }
    }
  },
  "get /v1/fences": {
    "200": {
      "export": "local",
      "file": "a",
      "fileId": "a",
      "highestToken": 3678210961926144
    }
  },
  "post /v1/fences/check": {
    "200": {
      "valid": true,
      "leaseId": "00000000-f3ba-874a-9c4e-dbd0dbdcf4ba",
      "type": "read",
      "state": "breaking"
    },
    "request": {
      "export": "local",
      "file": "a",
      "token": 3678210961926144,
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
      "version": 3678210970673154,
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
      "version": 3678210970880001,
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
      "version": 3678210970908673,
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
      "exportId": "3678210971150336",
      "name": "lazy",
      "version": 3678210971150338,
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
          "version": 3678210953170947,
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
          "version": 3678210970673154,
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
      "version": 3678210970673154,
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
      "pinId": "00000000-4287-8de7-8ad6-33e85ce17c35",
      "on": {
        "kind": "stacks",
        "name": "kind"
      },
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "because": "it is used"
    },
    "request": {
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "because": "it is used"
    }
  },
  "get /v1/pins/{id}": {
    "200": {
      "pinId": "00000000-4287-8de7-8ad6-33e85ce17c35",
      "on": {
        "kind": "stacks",
        "name": "kind"
      },
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
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
          "name": "00000000-4287-8de7-8ad6-33e85ce17c35",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "00000000-5077-8314-b6b0-05ae63366644"
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
          "exportId": "3678210953170944",
          "name": "local",
          "version": 3678210953170945,
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
          "exportId": "3678210971150336",
          "name": "lazy",
          "version": 3678210971150338,
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
      "exportId": "3678210971150336",
      "name": "lazy",
      "version": 3678210971150338,
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
      "pinId": "00000000-7410-87e8-bd3b-e4a482cc3e5e",
      "on": {
        "kind": "exports",
        "name": "lazy"
      },
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "because": "it is used"
    },
    "request": {
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "because": "it is used"
    }
  },
  "get /v1/exports/{name}/dependents": {
    "200": {
      "dependents": [
        {
          "kind": "pins",
          "name": "00000000-7410-87e8-bd3b-e4a482cc3e5e",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "00000000-5077-8314-b6b0-05ae63366644"
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
          "version": 3678210970908673,
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
      "version": 3678210970908673,
      "region": "region",
      "state": "down",
      "sessions": 0,
      "removing": false
    }
  },
  "post /v1/nodes/{name}/pins": {
    "201": {
      "pinId": "00000000-040e-89c6-87ae-8bb8fa4f3dfd",
      "on": {
        "kind": "nodes",
        "name": "node"
      },
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "because": "it is used"
    },
    "request": {
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "because": "it is used"
    }
  },
  "get /v1/nodes/{name}/dependents": {
    "200": {
      "dependents": [
        {
          "kind": "pins",
          "name": "00000000-040e-89c6-87ae-8bb8fa4f3dfd",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "00000000-5077-8314-b6b0-05ae63366644"
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
          "version": 3678210970880001,
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
      "version": 3678210970880001,
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
      "pinId": "00000000-557b-8404-bc8e-c7498358470f",
      "on": {
        "kind": "regions",
        "name": "region"
      },
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "because": "it is used"
    },
    "request": {
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
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
          "name": "00000000-557b-8404-bc8e-c7498358470f",
          "because": "it is used",
          "by": {
            "kind": "sessions",
            "name": "00000000-5077-8314-b6b0-05ae63366644"
          }
        }
      ]
    }
  },
  "post /v1/regions/{name}/subscriptions": {
    "201": {
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "priority": 100,
      "region": "region"
    },
    "request": {
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644"
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
      "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
      "noticeId": "n0"
    }
  },
  "delete /v1/regions/{name}/subscriptions/{sessionId}": {},
  "post /v1/exports/{name}/hangup": {
    "202": {
      "operationId": "00000000-8977-8094-aad9-4267ce094d8f",
      "kind": "hangup",
      "of": {
        "kind": "exports",
        "name": "lazy"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T01:17:32.517Z",
      "deadlineAt": "2026-11-30T01:17:33.517Z",
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
      "operationId": "00000000-8977-8094-aad9-4267ce094d8f",
      "kind": "hangup",
      "of": {
        "kind": "exports",
        "name": "lazy"
      },
      "state": "done",
      "phase": "done",
      "startedAt": "2026-11-30T01:17:32.517Z",
      "deadlineAt": "2026-11-30T01:17:33.517Z",
      "endedAt": "2026-11-30T01:17:32.713Z",
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
          "operationId": "00000000-8977-8094-aad9-4267ce094d8f",
          "kind": "hangup",
          "of": {
            "kind": "exports",
            "name": "lazy"
          },
          "state": "done",
          "phase": "done",
          "startedAt": "2026-11-30T01:17:32.517Z",
          "deadlineAt": "2026-11-30T01:17:33.517Z",
          "endedAt": "2026-11-30T01:17:32.713Z",
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
      "exportId": "3678210971150336",
      "name": "lazy",
      "version": 3678210971150338,
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
      "operationId": "00000000-6ec0-85c9-856e-34556c5db85c",
      "kind": "remove",
      "of": {
        "kind": "regions",
        "name": "region"
      },
      "state": "running",
      "phase": "cancelling",
      "startedAt": "2026-11-30T01:17:32.904Z",
      "deadlineAt": "2026-11-30T01:17:33.904Z",
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
        "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
        "ttlMs": 60000,
        "expiresAt": "2026-11-30T01:18:25.825Z",
        "lastSeenAt": "2026-11-30T01:17:25.825Z",
        "state": "live",
        "node": "n",
        "pid": 1,
        "label": "l",
        "locks": 5,
        "streams": 0
      },
      "locks": [
        {
          "id": "00000000-5293-8a13-902e-156ab5fc02fb",
          "no": 3678210961092608,
          "kind": "lease",
          "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
          "owner": "00000000-5077-8314-b6b0-05ae63366644",
          "export": "local",
          "file": "one",
          "fileId": "one",
          "inode": "<none>:0",
          "pid": 1,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "00000000-50a0-8c7e-8dee-1e251ea0dc3c",
          "no": 3678210961364992,
          "kind": "lease",
          "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
          "owner": "00000000-5077-8314-b6b0-05ae63366644",
          "export": "local",
          "file": "two",
          "fileId": "two",
          "inode": "<none>:0",
          "pid": 1,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "00000000-f1ae-890c-b18f-e3f265175c16",
          "no": 3678210961364993,
          "kind": "lease",
          "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
          "owner": "00000000-5077-8314-b6b0-05ae63366644",
          "export": "local",
          "file": "three",
          "fileId": "three",
          "inode": "<none>:0",
          "pid": 1,
          "type": "none",
          "state": "allocated",
          "backed": false
        },
        {
          "id": "00000000-bd8c-8062-8466-5bdaa67cd2ea",
          "no": 3678210963730433,
          "kind": "open",
          "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
          "owner": "00000000-5077-8314-b6b0-05ae63366644",
          "export": "local",
          "file": "d",
          "fileId": "d",
          "inode": "<none>:0",
          "pid": 1,
          "type": "read",
          "deny": "none",
          "state": "open",
          "backed": false
        },
        {
          "id": "00000000-9980-899c-9dd0-a85e651d808b",
          "no": 3678210963730434,
          "kind": "delegation",
          "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
          "owner": "00000000-5077-8314-b6b0-05ae63366644",
          "export": "local",
          "file": "d",
          "fileId": "d",
          "inode": "<none>:0",
          "pid": 1,
          "type": "read",
          "state": "breaking",
          "token": 3678210963730432,
          "backed": false,
          "break": {
            "breakId": "b3678210969419776",
            "target": "none",
            "deadlineAt": "2026-11-30T01:18:29.913Z",
            "remainingMs": 56186,
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
    "instance": "urn:leasehold:request:68c0cfab09b5-f",
    "code": "EAGAIN",
    "reason": "break_started",
    "next": "Retry with waitMs, or after the deadline of the break.",
    "blockerCount": 1,
    "retryAfterMs": 59792,
    "blockers": [
      {
        "id": "00000000-f3ba-874a-9c4e-dbd0dbdcf4ba",
        "kind": "lease",
        "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
        "owner": "00000000-5077-8314-b6b0-05ae63366644",
        "pid": 1,
        "type": "read",
        "state": "breaking"
      }
    ],
    "break": {
      "breakId": "b3678210962737152",
      "target": "none",
      "deadlineAt": "2026-11-30T01:18:26.649Z",
      "remainingMs": 59792
    }
  },
  "ask_over": {
    "type": "urn:leasehold:ask_over",
    "title": "That attribute query is over: it was answered or timed out, or the lease has ended.",
    "status": 412,
    "instance": "urn:leasehold:request:68c0cfab09b5-l",
    "code": "ESTALE",
    "reason": "ask_over",
    "next": "Nothing to do: the answer had no effect."
  },
  "range_conflict": {
    "type": "urn:leasehold:range_conflict",
    "title": "Another owner has a conflicting lock on some of these bytes.",
    "status": 409,
    "instance": "urn:leasehold:request:68c0cfab09b5-q",
    "code": "EAGAIN",
    "reason": "range_conflict",
    "next": "Retry with waitMs, or after the locks in `blockers` are released.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "00000000-ad9f-86d0-b7ec-b88b6de0bf65",
        "kind": "posix",
        "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
        "owner": "00000000-5077-8314-b6b0-05ae63366644",
        "pid": 1,
        "type": "write",
        "state": "held",
        "start": "0",
        "end": "9007199254740993"
      }
    ]
  },
  "mode_conflict": {
    "type": "urn:leasehold:mode_conflict",
    "title": "A lock in an incompatible mode is granted on this resource.",
    "status": 409,
    "instance": "urn:leasehold:request:68c0cfab09b5-x",
    "code": "EAGAIN",
    "reason": "mode_conflict",
    "next": "Retry with waitMs, or after the locks in `blockers` are unlocked or converted down.",
    "blockerCount": 1,
    "blockers": [
      {
        "id": "00000000-8253-870d-be00-86edbb852c4d",
        "kind": "dlm",
        "sessionId": "00000000-5077-8314-b6b0-05ae63366644",
        "owner": "00000000-5077-8314-b6b0-05ae63366644",
        "pid": 1,
        "type": "EX",
        "state": "granted"
      }
    ]
  },
  "token_old": {
    "type": "urn:leasehold:token_old",
    "title": "The token is not current.",
    "status": 412,
    "instance": "urn:leasehold:request:68c0cfab09b5-1k",
    "code": "ESTALE",
    "reason": "token_old",
    "next": "Read the lease again. Do no I/O under the old token."
  },
  "version_old": {
    "type": "urn:leasehold:version_old",
    "title": "The item has changed: it has another version.",
    "status": 412,
    "instance": "urn:leasehold:request:68c0cfab09b5-1u",
    "code": "ESTALE",
    "reason": "version_old",
    "next": "Read it again and repeat the change with its current `version` in If-Match.",
    "version": 3678210971150338
  },
  "has_dependents": {
    "type": "urn:leasehold:has_dependents",
    "title": "Other items depend on this one.",
    "status": 409,
    "instance": "urn:leasehold:request:68c0cfab09b5-20",
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
        "name": "00000000-4287-8de7-8ad6-33e85ce17c35",
        "because": "it is used",
        "by": {
          "kind": "sessions",
          "name": "00000000-5077-8314-b6b0-05ae63366644"
        }
      }
    ]
  },
  "no_such_adapter": {
    "type": "urn:leasehold:no_such_adapter",
    "title": "The stack has no such adapter.",
    "status": 404,
    "instance": "urn:leasehold:request:68c0cfab09b5-2x",
    "code": "ENOENT",
    "reason": "no_such_adapter",
    "next": "GET /v1/stacks/{name} lists its adapters with their incarnations."
  },
  "no_right": {
    "type": "urn:leasehold:no_right",
    "title": "The caller has no right to do this.",
    "status": 403,
    "instance": "urn:leasehold:request:68c0cfab09b5-36",
    "code": "EPERM",
    "reason": "no_right",
    "next": "Act as a caller that has it, or have it granted in LEASEHOLD_CALLERS (docs/rights.md).",
    "detail": "A dry run is not for the session itself."
  },
  "session_expired": {
    "type": "urn:leasehold:session_expired",
    "title": "The session has expired or ended.",
    "status": 412,
    "instance": "urn:leasehold:request:68c0cfab09b5-38",
    "code": "ESTALE",
    "reason": "session_expired",
    "next": "Create a new session and acquire its leases again."
  }
};
