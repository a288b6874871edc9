/* A provider of security labels, as PostgreSQL 15 loads one: it takes any label. What it needs of
 * the server's headers (fmgr.h, commands/seclabel.h) is written out, since nothing else needs them.
 */

struct magic {
  int length;
  int version;
  int max_arguments;
  int max_keys;
  int name_length;
  int float8_by_value;
  char flavour[32];
};

extern void register_label_provider(const char* name,
                                    void (*check)(const void* object, const char* label));

const struct magic* Pg_magic_func(void);
void _PG_init(void);

const struct magic* Pg_magic_func(void) {
  static const struct magic magic = {sizeof magic, 1500, 100, 32, 64, 1, "PostgreSQL"};
  return &magic;
}

static void take_any(const void* object, const char* label) {
  (void)object;
  (void)label;
}

void _PG_init(void) { register_label_provider("anybody", take_any); }
