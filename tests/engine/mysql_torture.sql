-- Everything that a schema can hold, and values that are easily lost on the way; in comments with a
-- number, what is known only from that release on.
SET NAMES utf8mb4;
SET sql_mode = '';
SET time_zone = '+02:00';

CREATE TABLE numbers(
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tiny TINYINT, small SMALLINT ZEROFILL, medium MEDIUMINT, big BIGINT UNSIGNED,
  exact DECIMAL(30,10), single FLOAT, fixed_single FLOAT(7,2), twice DOUBLE, flags BIT(13), one BIT(1),
  happened YEAR) AUTO_INCREMENT=77;
SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO';
INSERT INTO numbers VALUES
  (0, -128, 7, -8388608, 18446744073709551615, 12345678901234567890.0123456789, 0.1, 12345.67, 0.1, b'1010101010101', b'1', 1999),
  (3, 127, NULL, 8388607, 0, -0.0000000001, 16777217, -0.01, 1.7976931348623157e308, b'0', b'0', 0),
  (9, 0, 65535, 0, 1, 0, 3.4028235e38, 0, 2.2250738585072014e-308, b'1111111111111', NULL, 2155),
  (76, NULL, NULL, NULL, NULL, NULL, -1.1754944e-38, NULL, -0.30000000000000004, NULL, NULL, NULL);

CREATE TABLE texts(
  code VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_german2_ci NOT NULL PRIMARY KEY,
  fixed CHAR(10), plain TEXT, emoji VARCHAR(50) CHARACTER SET utf8mb4,
  wide VARCHAR(20) CHARACTER SET utf16, kanji VARCHAR(20) CHARACTER SET sjis, chinese VARCHAR(20) CHARACTER SET gbk,
  kind ENUM('a','b\'c','ü'), several SET('x','y','z'),
  raw BINARY(5), bytes VARBINARY(300), small TINYBLOB, large LONGBLOB, document JSON);
INSERT INTO texts VALUES
  ('straße', 'trailing ', 'tab\tnewline\nreturn\rquote\'\"back\\slash', '🦆 ducks', 'größe', 'ソース表', '一乙',
   'b\'c', 'x,z', '\0\0a', CONCAT(CHAR(0,1,8,9,10,13,26,27,34,39,92,127 USING latin1), UNHEX('80FF')), '', REPEAT(UNHEX('00FF5C0A09'), 5000), '{"a": [1, "ü", null]}'),
  ('\\N', '\\N', '\\N', NULL, '', '表', '', 'ü', '', NULL, '\\', '\n', NULL, 'null'),
  ('', '', '', '', NULL, NULL, NULL, NULL, NULL, '', '', NULL, '', '"\\u0000"'),
  ('z', 'NULL', REPEAT('long text ', 20000), REPEAT('🦆', 50), '𝔘', 'ｱｲｳ', '丂', 'a', 'x,y,z', 'abcde', NULL, NULL, NULL, NULL);
INSERT IGNORE INTO texts(code, kind) VALUES ('bad enum', 'not there');

CREATE TABLE times(
  id INT PRIMARY KEY, day DATE, at TIME(6), moment DATETIME(3), stamp TIMESTAMP(6) NULL DEFAULT NULL,
  changed TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP);
SET sql_mode = 'ALLOW_INVALID_DATES';
INSERT INTO times VALUES
  (1, '0000-00-00', '-838:59:59.999999', '0000-00-00 00:00:00', '1970-01-01 02:00:01', '2026-03-29 02:30:00'),
  (2, '2026-02-31', '00:00:00.000001', '9999-12-31 23:59:59.999', '2038-01-19 05:14:07.999999', '2026-10-25 02:30:00'),
  (3, '2026-00-00', NULL, '2026-01-00', NULL, '2001-01-01');
SET sql_mode = '';

/*M!101000 CREATE TABLE special(id INT PRIMARY KEY, u UUID, four INET4, six INET6) */;
/*M!101000 INSERT INTO special VALUES (1, '123e4567-e89b-12d3-a456-426614174000', '192.0.2.1', '2001:db8::1'),
  (2, NULL, NULL, NULL) */;

CREATE TABLE places(
  id INT PRIMARY KEY, spot POINT NOT NULL, shape GEOMETRY, SPATIAL INDEX by_spot(spot)) ENGINE=InnoDB;
INSERT INTO places VALUES (1, ST_GeomFromText('POINT(1.5 -2.25)', 4326),
  ST_GeomFromText('POLYGON((0 0,10 0,10 10,0 10,0 0))')), (2, ST_GeomFromText('POINT(0 0)'), NULL);

CREATE TABLE articles(
  id INT PRIMARY KEY, title VARCHAR(200), body TEXT, FULLTEXT INDEX words(title, body));
INSERT INTO articles VALUES (1, 'Ducks', 'about the duck'), (2, 'Geese', NULL);

CREATE TABLE parents(id INT PRIMARY KEY, name VARCHAR(30) UNIQUE) COMMENT='it\'s the parent';
CREATE TABLE children(
  id INT PRIMARY KEY, parent INT, twin INT,
  CONSTRAINT of_parent FOREIGN KEY (parent) REFERENCES parents(id) ON DELETE CASCADE ON UPDATE SET NULL,
  CONSTRAINT of_twin FOREIGN KEY (twin) REFERENCES children(id));
INSERT INTO parents VALUES (1, 'one'), (2, 'two');
INSERT INTO children VALUES (1, 1, NULL), (2, 2, 1), (3, NULL, 2);
SET foreign_key_checks = 0;
INSERT INTO children VALUES (4, 99, 98);
SET foreign_key_checks = 1;

CREATE TABLE computed(
  a INT, b INT AS (a * 2) STORED, c INT AS (a + 1) VIRTUAL, hidden INT INVISIBLE DEFAULT 42,
  d INT DEFAULT (a + 5), e VARCHAR(10) CHECK (e <> 'no'), INDEX by_c(c), UNIQUE INDEX by_b(b));
INSERT INTO computed(a, hidden, e) VALUES (1, 2, 'yes'), (3, NULL, NULL);

CREATE TABLE no_key(x INT, y TEXT);
INSERT INTO no_key VALUES (3, 'c'), (1, 'a'), (1, 'a'), (2, NULL);
CREATE TABLE compound(a VARCHAR(10) NOT NULL, b INT NOT NULL, c INT, UNIQUE INDEX both_(a, b));
INSERT INTO compound VALUES ('b', 1, 1), ('a', 2, 2), ('a', 10, 3), ('B2', -1, 4);
CREATE TABLE empty_one(id INT AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT=1000;

CREATE TABLE by_hash(id INT PRIMARY KEY, v INT) PARTITION BY HASH(id) PARTITIONS 4;
INSERT INTO by_hash SELECT seq, seq * 7 FROM seq_1_to_50;
CREATE TABLE by_range(id INT, day DATE, PRIMARY KEY(id, day)) PARTITION BY RANGE(YEAR(day))
  (PARTITION old VALUES LESS THAN (2020), PARTITION new VALUES LESS THAN MAXVALUE);
INSERT INTO by_range VALUES (1, '2019-05-05'), (2, '2026-01-01');

SET @@timestamp = 1700000000;
/*M!101100 CREATE TABLE versioned(id INT PRIMARY KEY, v VARCHAR(20)) WITH SYSTEM VERSIONING */;
/*M!101100 INSERT INTO versioned VALUES (1, 'first'), (2, 'stays'), (3, 'goes') */;
SET @@timestamp = 1700001000;
/*M!101100 UPDATE versioned SET v = 'second' WHERE id = 1 */;
SET @@timestamp = 1700002000;
/*M!101100 DELETE FROM versioned WHERE id = 3 */;
/*M!101100 CREATE TABLE periods(
  id INT PRIMARY KEY, v INT, began TIMESTAMP(6) GENERATED ALWAYS AS ROW START,
  ended TIMESTAMP(6) GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME(began, ended))
  WITH SYSTEM VERSIONING */;
/*M!101100 INSERT INTO periods(id, v) VALUES (1, 1) */;
SET @@timestamp = 1700003000;
/*M!101100 UPDATE periods SET v = 2 */;
SET @@timestamp = DEFAULT;

CREATE TABLE isam(id INT AUTO_INCREMENT PRIMARY KEY, t TEXT, FULLTEXT(t)) ENGINE=MyISAM;
INSERT INTO isam(t) VALUES ('my'), ('isam');
CREATE TABLE aria(id INT PRIMARY KEY, t TEXT) ENGINE=Aria;
INSERT INTO aria VALUES (1, 'a'), (2, 'ria');

CREATE SEQUENCE plain_sequence START WITH 10 INCREMENT BY 5 CACHE 20;
DO NEXTVAL(plain_sequence);
CREATE SEQUENCE cycling START WITH 1 MINVALUE 1 MAXVALUE 3 NOCACHE CYCLE;
DO NEXTVAL(cycling), NEXTVAL(cycling), NEXTVAL(cycling), NEXTVAL(cycling);
CREATE TABLE sequenced(id BIGINT DEFAULT NEXTVAL(plain_sequence) PRIMARY KEY, v INT);
INSERT INTO sequenced(v) VALUES (1), (2);

CREATE TABLE `odd ``name`` größe`(`a ``b` INT PRIMARY KEY, `select` INT);
INSERT INTO `odd ``name`` größe` VALUES (1, 2);

CREATE TABLE log(what VARCHAR(100), n INT);
DELIMITER //
CREATE TRIGGER first_one BEFORE INSERT ON parents FOR EACH ROW
  BEGIN SET new.name = CONCAT(new.name, '!'); END//
CREATE TRIGGER second_one BEFORE INSERT ON `parents` FOR EACH ROW FOLLOWS first_one
  INSERT INTO log VALUES ('ü', new.id)//
CREATE TRIGGER zero BEFORE INSERT ON parents FOR EACH ROW PRECEDES first_one SET @x = 1//
create trigger `odd trigger` after delete on `odd ``name`` größe` for each row insert into log values ('gone', old.`select`)//
SET sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT'//
CREATE FUNCTION greet(who VARCHAR(20) CHARACTER SET utf8mb4) RETURNS VARCHAR(50) CHARSET utf8mb4 DETERMINISTIC
  COMMENT 'DEFINER=nobody' RETURN 'hello ' || "who"//
SET sql_mode = 'STRICT_ALL_TABLES'//
CREATE PROCEDURE fill(IN n INT, OUT total INT) MODIFIES SQL DATA SQL SECURITY INVOKER
BEGIN
  -- a comment; with a semicolon
  INSERT INTO log VALUES ('filled', n);
  SELECT COUNT(*) INTO total FROM log;
END//
SET NAMES latin1//
CREATE PROCEDURE of_latin() SELECT 'plain'//
CREATE FUNCTION of_latin_too() RETURNS VARCHAR(20) DETERMINISTIC RETURN 'größe'//
CREATE TRIGGER of_latin BEFORE UPDATE ON log FOR EACH ROW SET new.what = 'größe'//
CREATE EVENT of_latin ON SCHEDULE EVERY 1 DAY STARTS '2026-01-01 00:00:00' DO INSERT INTO log VALUES ('größe', 2)//
CREATE VIEW of_latin AS SELECT 'größe' AS word, id FROM parents WHERE name <> 'ü'//
SET NAMES utf8mb4//
SET sql_mode = ''//
CREATE EVENT daily ON SCHEDULE EVERY 1 DAY STARTS '2026-01-01 00:00:00' COMMENT 'ENABLE it'
  DO INSERT INTO log VALUES ('daily', 1)//
SET time_zone = 'SYSTEM'//
CREATE EVENT off_one ON SCHEDULE EVERY 5 MINUTE STARTS '2026-01-01 00:00:00' ON COMPLETION PRESERVE DISABLE
  DO BEGIN UPDATE log SET n = 0; END//
DELIMITER ;

CREATE VIEW z_base AS SELECT id, name FROM parents;
CREATE VIEW a_on_view AS SELECT z.id, greet(z.name) AS greeting, c.id AS child FROM z_base z JOIN children c ON c.parent = z.id;
CREATE SQL SECURITY INVOKER VIEW checked AS SELECT id FROM parents WHERE id > 0 WITH CASCADED CHECK OPTION;
CREATE VIEW m_on_both AS SELECT a.greeting FROM a_on_view a, z_base;
