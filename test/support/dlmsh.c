/* dlmsh: the kernel's distributed lock manager (fs/dlm), spoken to in lines, through libdlm.
 *
 *   lock ID NAME MODE [FLAG...] [lvb=HEX]     MODE: NL CR CW PR PW EX
 *   convert ID MODE [FLAG...] [lvb=HEX]       FLAG: noqueue valblk quecvt ivvalblk convdeadlk nodlckwt expedite noqueuebast
 *   unlock ID [cancel] [valblk] [ivvalblk] [force] [lvb=HEX]    headque nodlckblk altpr altcw orphan
 *   pump MS                                   waits until nothing has arrived for MS milliseconds
 * Every line is answered by what arrived meanwhile, and then by one line `ok` or `error ERRNO`:
 *   ast ID STATUS FLAGS LVBHEX      STATUS: 0 granted, 11 EAGAIN, 35 EDEADLK, 65537 cancelled, 65538 unlocked
 *                                   FLAGS: 1 demoted, 2 value block not valid, 4 alternate mode
 *   bast ID MODE                    MODE: what somebody waits for
 * One lockspace for all that run; what a process holds goes with it. */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/types.h>
#include <libdlm.h>
/* The kernel's header and libdlm's each declare a struct of this name. */
#define dlm_lksb dlm_kernel_lksb
#include <linux/dlm_device.h>
#undef dlm_lksb
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOCKS 4096
struct lock { int id; struct dlm_lksb lksb; char lvb[DLM_LVB_LEN]; };
static struct lock *locks[LOCKS];
static dlm_lshandle_t space;
static const char *modes[] = {"NL", "CR", "CW", "PR", "PW", "EX"};

static void hex(const char *from) { for (int i = 0; i < DLM_LVB_LEN; i++) printf("%02x", (unsigned char)from[i]); }
static void ast(void *arg) {
  struct lock *l = arg;
  printf("ast %d %d %d ", l->id, l->lksb.sb_status, (int)(unsigned char)l->lksb.sb_flags);
  hex(l->lvb);
  puts("");
}
static void bast(void *arg) { (void)arg; }
/* As dlm_dispatch(), which hides the mode of a blocking AST. */
static void take(int fd) {
  char buffer[sizeof(struct dlm_lock_result) + DLM_LVB_LEN];
  struct dlm_lock_result *r = (struct dlm_lock_result *)buffer;
  if (read(fd, buffer, sizeof buffer) <= 0) return;
  struct lock *l = r->user_astparam;
  if (r->bast_mode) { printf("bast %d %s\n", l->id, modes[r->bast_mode]); return; }
  l->lksb.sb_status = -r->lksb.sb_status;
  l->lksb.sb_flags = r->lksb.sb_flags;
  l->lksb.sb_lkid = r->lksb.sb_lkid;
  if (r->lvb_offset) memcpy(l->lvb, buffer + r->lvb_offset, DLM_LVB_LEN);
  ast(l);
}
static void pump(int ms) {
  struct pollfd p = {dlm_ls_get_fd(space), POLLIN, 0};
  while (poll(&p, 1, ms) > 0) take(p.fd);
}
static int mode_of(const char *s) { for (int m = 0; m < 6; m++) if (s && !strcmp(s, modes[m])) return m; return -1; }
static int flags_of(struct lock *l, int *bad) {
  static const struct { const char *name; int flag; } all[] = {
    {"noqueue", LKF_NOQUEUE}, {"valblk", LKF_VALBLK}, {"quecvt", LKF_QUECVT}, {"ivvalblk", LKF_IVVALBLK},
    {"convdeadlk", LKF_CONVDEADLK}, {"nodlckwt", LKF_NODLCKWT}, {"nodlckblk", LKF_NODLCKBLK}, {"expedite", LKF_EXPEDITE},
    {"noqueuebast", LKF_NOQUEUEBAST}, {"headque", LKF_HEADQUE}, {"altpr", LKF_ALTPR}, {"altcw", LKF_ALTCW},
    {"orphan", LKF_ORPHAN}, {"cancel", LKF_CANCEL}, {"force", LKF_FORCEUNLOCK}, {"persistent", LKF_PERSISTENT}};
  int flags = 0; char *w;
  while ((w = strtok(0, " \r\n"))) {
    if (!strncmp(w, "lvb=", 4)) {
      memset(l->lvb, 0, DLM_LVB_LEN);
      for (int i = 0; i < DLM_LVB_LEN && w[4 + 2 * i] && w[5 + 2 * i]; i++) sscanf(w + 4 + 2 * i, "%2hhx", (unsigned char *)l->lvb + i);
      continue;
    }
    unsigned i = 0;
    while (i < sizeof all / sizeof *all && strcmp(all[i].name, w)) i++;
    if (i == sizeof all / sizeof *all) *bad = 1; else flags |= all[i].flag;
  }
  return flags;
}
int main(void) {
  static char line[1024];
  setvbuf(stdout, 0, _IOLBF, 0);
  space = dlm_open_lockspace("lh");
  if (!space) space = dlm_new_lockspace("lh", 0600, 0);
  if (!space) { printf("error %d\n", errno); return 1; }
  puts("ready");
  while (fgets(line, sizeof line, stdin)) {
    char *verb = strtok(line, " \r\n");
    if (!verb) continue;
    int bad = 0, failed = 0;
    if (!strcmp(verb, "pump")) { char *ms = strtok(0, " \r\n"); pump(ms ? atoi(ms) : 20); puts("ok"); continue; }
    char *word = strtok(0, " \r\n");
    int id = word ? atoi(word) : -1;
    if (id < 0 || id >= LOCKS) { printf("error %d\n", EINVAL); continue; }
    if (!strcmp(verb, "lock")) {
      char *name = strtok(0, " \r\n"), *m = strtok(0, " \r\n");
      int mode = mode_of(m);
      struct lock *l = calloc(1, sizeof *l);
      l->id = id; l->lksb.sb_lvbptr = l->lvb; locks[id] = l;
      int flags = flags_of(l, &bad);
      if (bad || mode < 0) { printf("error %d\n", EINVAL); continue; }
      failed = dlm_ls_lock(space, mode, &l->lksb, flags, name, strlen(name), 0, ast, l, bast, 0);
    } else if (!strcmp(verb, "convert") && locks[id]) {
      int mode = mode_of(strtok(0, " \r\n"));
      int flags = flags_of(locks[id], &bad);
      if (bad || mode < 0) { printf("error %d\n", EINVAL); continue; }
      failed = dlm_ls_lock(space, mode, &locks[id]->lksb, flags | LKF_CONVERT, "", 0, 0, ast, locks[id], bast, 0);
    } else if (!strcmp(verb, "unlock") && locks[id]) {
      int flags = flags_of(locks[id], &bad);
      failed = bad ? (errno = EINVAL, -1) : dlm_ls_unlock(space, locks[id]->lksb.sb_lkid, flags, &locks[id]->lksb, locks[id]);
    } else { errno = EINVAL; failed = -1; }
    int why = errno;
    pump(0);
    if (failed) printf("error %d\n", why); else puts("ok");
  }
  return 0;
}
