/* Preloaded into everything that a test starts; acts in git-quemsi only, and only
   on files below the test's folder. Counts the calls that change something, and
   at one of them does what the plan says.

     QUEMSI_FAULT_PLAN   the mapped struct fault_plan
     QUEMSI_FAULT_ROOT   files below it count
     QUEMSI_FAULT_VERB   git-quemsi's first argument; unset: any */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "plan.h"

static struct fault_plan* plan; /* NULL: not our process */
static char root[PATH_MAX];
static size_t root_length;

static void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

static void note(const char* call, const char* path) {
  if (atomic_fetch_add((_Atomic int64_t*)&plan->hits, 1) != 0) return;
  snprintf(plan->what, sizeof plan->what, "%s %s", call, path + root_length);
}

/* True when this call is the one. */
static int is_hit(const char* call, const char* path, int traits) {
  for (int trait = KILLABLE; trait <= USES_DEVICE; trait *= 2) {
    if (traits & trait) atomic_fetch_add((_Atomic int64_t*)&plan->having[trait], 1);
  }
  if (!(traits & (int)fault_hits(plan->action, plan->code))) return 0;
  const int64_t number = atomic_fetch_add((_Atomic int64_t*)&plan->calls, 1) + 1;
  if (plan->action == FAULT_NONE || number < plan->at) return 0;
  if (number > plan->at && plan->action != FAULT_FAIL_ON) return 0;
  note(call, path);
  return 1;
}

static int is_below_root(const char* path) {
  return strncmp(path, root, root_length) == 0 && (path[root_length] == '/' || !path[root_length]);
}

static int path_of_fd(int fd, char* path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  return is_below_root(path);
}

static int path_at(int folder, const char* name, char* path) {
  char base[PATH_MAX];
  if (name[0] == '/') {
    snprintf(path, PATH_MAX, "%s", name);
  } else if (folder == AT_FDCWD) {
    if (getcwd(base, sizeof base) == NULL) return 0;
    snprintf(path, PATH_MAX, "%.2000s/%.2000s", base, name);
  } else {
    if (!path_of_fd(folder, base)) return 0;
    snprintf(path, PATH_MAX, "%.2000s/%.2000s", base, name);
  }
  return is_below_root(path);
}

/* 1: the call must not be made, and fails with errno. May not return at all. */
static int struck(const char* call, const char* path, int traits) {
  const int saved = errno;
  if (!is_hit(call, path, traits)) {
    errno = saved;
    return 0;
  }
  if (plan->action == FAULT_KILL) die();
  errno = plan->code;
  return 1;
}

static int fd_struck(const char* call, int fd, int traits) {
  char path[PATH_MAX];
  return plan != NULL && path_of_fd(fd, path) && struck(call, path, traits);
}

static int path_struck(const char* call, int folder, const char* name, int traits) {
  char path[PATH_MAX];
  return plan != NULL && path_at(folder, name, path) && struck(call, path, traits);
}

/* How many of `size` bytes may be written; -1: none, errno is set. *last: die afterwards. */
static ssize_t allowed(const char* call, int fd, size_t size, int* last) {
  char path[PATH_MAX];
  *last = 0;
  const int traits = KILLABLE | FILLS_DISK | USES_DEVICE | (size > 1 ? WRITES_BYTES : 0);
  if (plan == NULL || !path_of_fd(fd, path)) return (ssize_t)size;
  if (!struck(call, path, traits)) return (ssize_t)size;
  if (plan->action == FAULT_FAIL || plan->action == FAULT_FAIL_ON) return -1;
  *last = plan->action == FAULT_TORN;
  return (ssize_t)(size / 2);
}

__attribute__((constructor)) static void start(int argc, char** argv) {
  const char* file = getenv("QUEMSI_FAULT_PLAN");
  const char* below = getenv("QUEMSI_FAULT_ROOT");
  const char* verb = getenv("QUEMSI_FAULT_VERB");
  char name[32] = "";
  const int comm = open("/proc/self/comm", O_RDONLY | O_CLOEXEC);
  const ssize_t length = comm < 0 ? -1 : read(comm, name, sizeof name - 1);
  if (comm >= 0) close(comm);
  if (length <= 0 || strncmp(name, "git-quemsi\n", 12) != 0) return;
  if (file == NULL || below == NULL) return;
  if (verb != NULL && (argc < 2 || strcmp(argv[1], verb) != 0)) return;
  const int fd = open(file, O_RDWR | O_CLOEXEC);
  if (fd < 0) return;
  void* mapped = mmap(NULL, sizeof *plan, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (mapped == MAP_FAILED) return;
  root_length = (size_t)snprintf(root, sizeof root, "%s", below);
  plan = mapped;
}

#define NEXT(name)                      \
  static __typeof__(&name) next_##name; \
  if (next_##name == NULL) next_##name = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

/* -- bytes ------------------------------------------------------------------ */

#define WRITER(name, parameters, arguments)              \
  ssize_t name parameters {                              \
    NEXT(name);                                          \
    int last;                                            \
    const ssize_t may = allowed(#name, fd, size, &last); \
    if (may < 0) return -1;                              \
    size = (size_t)may;                                  \
    const ssize_t result = next_##name arguments;        \
    if (last) die();                                     \
    return result;                                       \
  }

WRITER(write, (int fd, const void* bytes, size_t size), (fd, bytes, size))
WRITER(pwrite, (int fd, const void* bytes, size_t size, off_t at), (fd, bytes, size, at))
WRITER(pwrite64, (int fd, const void* bytes, size_t size, off64_t at), (fd, bytes, size, at))
WRITER(sendfile, (int fd, int from, off_t* at, size_t size), (fd, from, at, size))
WRITER(sendfile64, (int fd, int from, off64_t* at, size_t size), (fd, from, at, size))

ssize_t copy_file_range(int from, off64_t* from_at, int fd, off64_t* at, size_t size,
                        unsigned flags) {
  NEXT(copy_file_range);
  int last;
  const ssize_t may = allowed("copy_file_range", fd, size, &last);
  if (may < 0) return -1;
  const ssize_t result = next_copy_file_range(from, from_at, fd, at, (size_t)may, flags);
  if (last) die();
  return result;
}

/* Several pieces: cut between them, where a short count may stand. */
#define VECTOR_WRITER(name, parameters, arguments)                 \
  ssize_t name parameters {                                        \
    NEXT(name);                                                    \
    int last;                                                      \
    const ssize_t may = allowed(#name, fd, (size_t)pieces, &last); \
    if (may < 0) return -1;                                        \
    pieces = (int)may;                                             \
    const ssize_t result = next_##name arguments;                  \
    if (last) die();                                               \
    return result;                                                 \
  }

VECTOR_WRITER(writev, (int fd, const struct iovec* vector, int pieces), (fd, vector, pieces))
VECTOR_WRITER(pwritev, (int fd, const struct iovec* vector, int pieces, off_t at),
              (fd, vector, pieces, at))
VECTOR_WRITER(pwritev64, (int fd, const struct iovec* vector, int pieces, off64_t at),
              (fd, vector, pieces, at))

/* -- what is done to a descriptor ------------------------------------------- */

#define ON_FD(name, parameters, arguments, traits) \
  int name parameters {                            \
    NEXT(name);                                    \
    if (fd_struck(#name, fd, traits)) return -1;   \
    return next_##name arguments;                  \
  }

ON_FD(fsync, (int fd), (fd), KILLABLE | USES_DEVICE)
ON_FD(fdatasync, (int fd), (fd), KILLABLE | USES_DEVICE)
ON_FD(ftruncate, (int fd, off_t size), (fd, size), KILLABLE | USES_DEVICE)
ON_FD(ftruncate64, (int fd, off64_t size), (fd, size), KILLABLE | USES_DEVICE)
ON_FD(fallocate, (int fd, int mode, off_t at, off_t size), (fd, mode, at, size),
      KILLABLE | FILLS_DISK | USES_DEVICE)
ON_FD(fallocate64, (int fd, int mode, off64_t at, off64_t size), (fd, mode, at, size),
      KILLABLE | FILLS_DISK | USES_DEVICE)
ON_FD(fchmod, (int fd, mode_t mode), (fd, mode), KILLABLE)

int posix_fallocate(int fd, off_t at, off_t size) {
  NEXT(posix_fallocate);
  if (fd_struck("posix_fallocate", fd, KILLABLE | FILLS_DISK | USES_DEVICE)) return errno;
  return next_posix_fallocate(fd, at, size);
}

int posix_fallocate64(int fd, off64_t at, off64_t size) {
  NEXT(posix_fallocate64);
  if (fd_struck("posix_fallocate", fd, KILLABLE | FILLS_DISK | USES_DEVICE)) return errno;
  return next_posix_fallocate64(fd, at, size);
}

int ioctl(int fd, unsigned long request, ...) {
  NEXT(ioctl);
  va_list arguments;
  va_start(arguments, request);
  void* argument = va_arg(arguments, void*);
  va_end(arguments);
  const int traits = KILLABLE | FILLS_DISK | USES_DEVICE;
  if (request == FICLONE && fd_struck("ioctl FICLONE", fd, traits)) return -1;
  return next_ioctl(fd, request, argument);
}

/* Taking and giving back a lease changes nothing on disk, but is where others wait. */
#define FCNTL(name)                                                                      \
  int name(int fd, int command, ...) {                                                   \
    NEXT(name);                                                                          \
    va_list arguments;                                                                   \
    va_start(arguments, command);                                                        \
    void* argument = va_arg(arguments, void*);                                           \
    va_end(arguments);                                                                   \
    if (command == F_SETLEASE && fd_struck("fcntl F_SETLEASE", fd, KILLABLE)) return -1; \
    return next_##name(fd, command, argument);                                           \
  }
FCNTL(fcntl)
FCNTL(fcntl64)

/* -- names ------------------------------------------------------------------ */

static const int renames = KILLABLE | FILLS_DISK | USES_DEVICE;
static const int removes = KILLABLE | USES_DEVICE;

/* What a server is told changes something, too; only dying is tried there. */
ssize_t send(int fd, const void* bytes, size_t size, int flags) {
  NEXT(send);
  if (plan != NULL) struck("send", root, KILLABLE);
  return next_send(fd, bytes, size, flags);
}

int rename(const char* from, const char* to) {
  NEXT(rename);
  if (path_struck("rename", AT_FDCWD, to, renames)) return -1;
  return next_rename(from, to);
}

int renameat(int from_folder, const char* from, int to_folder, const char* to) {
  NEXT(renameat);
  if (path_struck("renameat", to_folder, to, renames)) return -1;
  return next_renameat(from_folder, from, to_folder, to);
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) {
  NEXT(renameat2);
  if (path_struck("renameat2", to_folder, to, renames)) return -1;
  return next_renameat2(from_folder, from, to_folder, to, flags);
}

int link(const char* from, const char* to) {
  NEXT(link);
  if (path_struck("link", AT_FDCWD, to, renames)) return -1;
  return next_link(from, to);
}

int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) {
  NEXT(linkat);
  if (path_struck("linkat", to_folder, to, renames)) return -1;
  return next_linkat(from_folder, from, to_folder, to, flags);
}

int symlink(const char* text, const char* to) {
  NEXT(symlink);
  if (path_struck("symlink", AT_FDCWD, to, renames)) return -1;
  return next_symlink(text, to);
}

int unlink(const char* name) {
  NEXT(unlink);
  if (path_struck("unlink", AT_FDCWD, name, removes)) return -1;
  return next_unlink(name);
}

int unlinkat(int folder, const char* name, int flags) {
  NEXT(unlinkat);
  if (path_struck("unlinkat", folder, name, removes)) return -1;
  return next_unlinkat(folder, name, flags);
}

int remove(const char* name) {
  NEXT(remove);
  if (path_struck("remove", AT_FDCWD, name, removes)) return -1;
  return next_remove(name);
}

int rmdir(const char* name) {
  NEXT(rmdir);
  if (path_struck("rmdir", AT_FDCWD, name, removes)) return -1;
  return next_rmdir(name);
}

int mkdir(const char* name, mode_t mode) {
  NEXT(mkdir);
  if (access(name, F_OK) != 0 && path_struck("mkdir", AT_FDCWD, name, renames)) return -1;
  return next_mkdir(name, mode);
}

char* mkdtemp(char* name) {
  NEXT(mkdtemp);
  if (path_struck("mkdtemp", AT_FDCWD, name, renames)) return NULL;
  return next_mkdtemp(name);
}

#define TEMPORARY(name, parameters, arguments)                     \
  int name parameters {                                            \
    NEXT(name);                                                    \
    if (path_struck(#name, AT_FDCWD, pattern, renames)) return -1; \
    return next_##name arguments;                                  \
  }
TEMPORARY(mkstemp, (char* pattern), (pattern))
TEMPORARY(mkstemp64, (char* pattern), (pattern))
TEMPORARY(mkostemp, (char* pattern, int flags), (pattern, flags))
TEMPORARY(mkostemp64, (char* pattern, int flags), (pattern, flags))

/* Opening an existing file with O_CREAT changes nothing, with O_TRUNC it does. */
static int opens_anew(int folder, const char* name, int flags) {
  if (flags & O_TRUNC) return 1;
  return (flags & O_CREAT) && faccessat(folder, name, F_OK, 0) != 0;
}

#define OPEN(function)                                                                     \
  int function(const char* name, int flags, ...) {                                         \
    NEXT(function);                                                                        \
    va_list arguments;                                                                     \
    va_start(arguments, flags);                                                            \
    const mode_t mode = va_arg(arguments, mode_t);                                         \
    va_end(arguments);                                                                     \
    if (opens_anew(AT_FDCWD, name, flags) && path_struck("open", AT_FDCWD, name, renames)) \
      return -1;                                                                           \
    return next_##function(name, flags, mode);                                             \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(function)                                                                 \
  int function(int folder, const char* name, int flags, ...) {                           \
    NEXT(function);                                                                      \
    va_list arguments;                                                                   \
    va_start(arguments, flags);                                                          \
    const mode_t mode = va_arg(arguments, mode_t);                                       \
    va_end(arguments);                                                                   \
    if (opens_anew(folder, name, flags) && path_struck("openat", folder, name, renames)) \
      return -1;                                                                         \
    return next_##function(folder, name, flags, mode);                                   \
  }
OPENAT(openat)
OPENAT(openat64)
