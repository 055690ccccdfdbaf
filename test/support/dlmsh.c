/* dlmsh: the kernel's distributed lock manager (fs/dlm), spoken to in lines, through libdlm.
 *
 *   lock ID NAME MODE [FLAG...] [lvb=HEX]     MODE: NL CR CW PR PW EX
 *   convert ID MODE [FLAG...] [lvb=HEX]       FLAG: noqueue valblk quecvt ivvalblk convdeadlk nodlckwt expedite noqueuebast
 *   unlock ID [cancel] [valblk] [ivvalblk] [force] [lvb=HEX]    headque nodlckblk altpr altcw orphan
 *   quit                                      ends it
 *   pump MS                                   waits until nothing has arrived for MS milliseconds
 * Every line is answered by what arrived meanwhile, and then by one line `ok` or `error ERRNO`:
 *   ast ID STATUS FLAGS LVBHEX      STATUS: 0 granted, 11 EAGAIN, 35 EDEADLK, 65537 cancelled, 65538 unlocked
 *                                   FLAGS: 1 demoted, 2 value block not valid, 4 alternate mode
 *   bast ID MODE                    MODE: what somebody waits for
 * One lockspace for all that run (the argument, default lh); what a process holds goes with it.
 *
 * `dlmsh leave LOCKSPACE` removes a lockspace, whoever uses it.
 * `dlmsh play LOCKSPACE N` is N such processes behind one stream: `P LINE` is a line for process P, and `P !exit` is its kill -9,
 * after which another takes its place. Each line is answered by what all of them heard, and then by `done`. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/types.h>
#include <libdlm.h>
/* The kernel's header and libdlm's each declare a struct of this name. */
#define dlm_lksb dlm_kernel_lksb
#include <linux/dlm_device.h>
#undef dlm_lksb
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
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
struct process { pid_t pid; FILE *in, *out; };
/* Prints what a process says; returns at its answer. */
static void listen_to(struct process *p) {
  static char line[1024];
  while (fgets(line, sizeof line, p->out)) {
    if (!strcmp(line, "ok\n") || !strcmp(line, "ready\n")) return;
    fputs(line, stdout);
    if (!strncmp(line, "error", 5)) return;
  }
  puts("error 10");
}
static void begin(struct process *p, char *self, char *name) {
  int in[2], out[2];
  if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) || (p->pid = fork()) < 0) exit(1);
  if (!p->pid) {
    dup2(in[0], 0); dup2(out[1], 1);
    execl(self, self, name, (char *)0);
    _exit(1);
  }
  close(in[0]); close(out[1]);
  p->in = fdopen(in[1], "w"); p->out = fdopen(out[0], "r");
  setvbuf(p->in, 0, _IOLBF, 0);
  listen_to(p);
}
static int play(char *self, char *name, int count) {
  static char line[1024];
  struct process all[16];
  if (count < 1 || count > 16) return 1;
  setvbuf(stdout, 0, _IOFBF, 1 << 16);
  /* One after the other: two that make a lockspace at once bring down the kernel (misc_register of one name, twice). */
  for (int i = 0; i < count; i++) begin(&all[i], self, name);
  puts("ready"); fflush(stdout);
  while (fgets(line, sizeof line, stdin)) {
    char *rest;
    long n = strtol(line, &rest, 10);
    if (n < 0 || n >= count || *rest != ' ') { printf("error %d\ndone\n", EINVAL); continue; }
    if (!strcmp(rest, " !exit\n")) {
      kill(all[n].pid, SIGKILL);
      waitpid(all[n].pid, 0, 0);
      fclose(all[n].in); fclose(all[n].out);
      begin(&all[n], self, name);
    } else { fputs(rest + 1, all[n].in); listen_to(&all[n]); }
    for (int i = 0; i < count; i++) fputs("pump 0\n", all[i].in);
    for (int i = 0; i < count; i++) listen_to(&all[i]);
    puts("done");
    /* Lines that came together are answered together. */
    struct pollfd more = {0, POLLIN, 0};
    if (poll(&more, 1, 0) <= 0) fflush(stdout);
  }
  return 0;
}
int main(int argc, char **argv) {
  static char line[1024];
  if (argc == 4 && !strcmp(argv[1], "play")) return play("/proc/self/exe", argv[2], atoi(argv[3]));
  if (argc == 3 && !strcmp(argv[1], "leave")) {
    space = dlm_open_lockspace(argv[2]);
    return !space || dlm_release_lockspace(argv[2], space, 1) ? (perror("leave"), 1) : 0;
  }
  char *called = argc > 1 ? argv[1] : "lh";
  setvbuf(stdout, 0, _IOLBF, 0);
  space = dlm_open_lockspace(called);
  if (!space) space = dlm_new_lockspace(called, 0600, 0);
  if (!space) { printf("error %d\n", errno); return 1; }
  puts("ready");
  while (fgets(line, sizeof line, stdin)) {
    char *verb = strtok(line, " \r\n");
    if (!verb) continue;
    int bad = 0, failed = 0;
    if (!strcmp(verb, "pump")) { char *ms = strtok(0, " \r\n"); pump(ms ? atoi(ms) : 20); puts("ok"); continue; }
    if (!strcmp(verb, "quit")) return 0;
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
