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
  raw BINARY(5), bytes VARBINARY(300), small TINYBLOB, large LONGBLOB
  /*!50708 , document JSON */);
INSERT INTO texts VALUES
  ('straße', 'trailing ', 'tab\tnewline\nreturn\rquote\'\"back\\slash', '🦆 ducks', 'größe', 'ソース表', '一乙',
   'b\'c', 'x,z', '\0\0a', CONCAT(CHAR(0,1,8,9,10,13,26,27,34,39,92,127 USING latin1), UNHEX('80FF')), '', REPEAT(UNHEX('00FF5C0A09'), 5000) /*!50708 , '{"a": [1, "ü", null]}' */),
  ('\\N', '\\N', '\\N', NULL, '', '表', '', 'ü', '', NULL, '\\', '\n', NULL /*!50708 , 'null' */),
  ('', '', '', '', NULL, NULL, NULL, NULL, NULL, '', '', NULL, '' /*!50708 , '"\\u0000"' */),
  ('z', 'NULL', REPEAT('long text ', 20000), REPEAT('🦆', 50), '𝔘', 'ｱｲｳ', '丂', 'a', 'x,y,z', 'abcde', NULL, NULL, NULL /*!50708 , NULL */);
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

CREATE TABLE places(
  id INT PRIMARY KEY, spot POINT NOT NULL, shape GEOMETRY
  /*!50705 , SPATIAL INDEX by_spot(spot) */) ENGINE=InnoDB;
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

/*!80023 CREATE TABLE computed(
  a INT, b INT AS (a * 2) STORED, c INT AS (a + 1) VIRTUAL, hidden INT INVISIBLE DEFAULT 42,
  d INT DEFAULT (5 + 5), e VARCHAR(10) CHECK (e <> 'no'), INDEX by_c(c), UNIQUE INDEX by_b(b)) */;
/*!80023 INSERT INTO computed(a, hidden, e) VALUES (1, 2, 'yes'), (3, NULL, NULL) */;
/*!50706 CREATE TABLE half_computed(a INT, b INT AS (a * 2) STORED, c INT AS (a + 1) VIRTUAL) */;
/*!50706 INSERT INTO half_computed(a) VALUES (1) */;

/*!80003 CREATE TABLE places_with_system(
  id INT PRIMARY KEY, spot POINT NOT NULL SRID 4326, SPATIAL INDEX by_spot(spot)) */;
/*!80003 INSERT INTO places_with_system VALUES (1, ST_GeomFromText('POINT(1.5 -2.25)', 4326)) */;

/*!80017 CREATE TABLE indexed(
  id INT PRIMARY KEY, document JSON, tags JSON, name VARCHAR(30) DEFAULT (CONCAT('n', 1)), unseen INT,
  INDEX by_name(name DESC, id), INDEX by_call((LOWER(name))), INDEX by_tag((CAST(tags AS UNSIGNED ARRAY))),
  INDEX unseen_one(unseen) INVISIBLE, CONSTRAINT positive CHECK (unseen > 0) NOT ENFORCED) */;
/*!80017 INSERT INTO indexed VALUES (1, '{"a": [1, 2.5, "ü", null, true]}', '[1, 2]', 'N', -1), (2, NULL, '[]', NULL, 3) */;
/*!80017 INSERT INTO indexed(id, document) VALUES (3, '"text"') */;

/*!90000 CREATE TABLE vectors(id INT PRIMARY KEY, v VECTOR(3)) */;
/*!90000 INSERT INTO vectors VALUES (1, STRING_TO_VECTOR('[1.5,-2,0]')), (2, NULL) */;

CREATE TABLE no_key(x INT, y TEXT);
INSERT INTO no_key VALUES (3, 'c'), (1, 'a'), (1, 'a'), (2, NULL);
CREATE TABLE compound(a VARCHAR(10) NOT NULL, b INT NOT NULL, c INT, UNIQUE INDEX both_(a, b));
INSERT INTO compound VALUES ('b', 1, 1), ('a', 2, 2), ('a', 10, 3), ('B2', -1, 4);
CREATE TABLE empty_one(id INT AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT=1000;

CREATE TABLE by_hash(id INT PRIMARY KEY, v INT) PARTITION BY HASH(id) PARTITIONS 4;
INSERT INTO by_hash SELECT 10 * a.n + b.n, 70 * a.n + 7 * b.n FROM
  (SELECT 1 AS n UNION SELECT 2 UNION SELECT 3 UNION SELECT 4) a, (SELECT 0 AS n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3
  UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) b;
CREATE TABLE by_range(id INT, day DATE, PRIMARY KEY(id, day)) PARTITION BY RANGE(YEAR(day))
  (PARTITION old VALUES LESS THAN (2020), PARTITION new VALUES LESS THAN MAXVALUE);
INSERT INTO by_range VALUES (1, '2019-05-05'), (2, '2026-01-01');

CREATE TABLE isam(id INT AUTO_INCREMENT PRIMARY KEY, t TEXT, FULLTEXT(t)) ENGINE=MyISAM;
INSERT INTO isam(t) VALUES ('my'), ('isam');
CREATE TABLE `odd ``name`` größe`(`a ``b` INT PRIMARY KEY, `select` INT);
INSERT INTO `odd ``name`` größe` VALUES (1, 2);

CREATE TABLE log(what VARCHAR(100), n INT);
DELIMITER //
CREATE TRIGGER first_one BEFORE INSERT ON parents FOR EACH ROW
  BEGIN SET new.name = CONCAT(new.name, '!'); END//
/*!50702 CREATE TRIGGER second_one BEFORE INSERT ON `parents` FOR EACH ROW FOLLOWS first_one
  INSERT INTO log VALUES ('ü', new.id) */ //
/*!50702 CREATE TRIGGER zero BEFORE INSERT ON parents FOR EACH ROW PRECEDES first_one SET @x = 1 */ //
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
/*!80000 CREATE VIEW of_latin AS SELECT 'größe' AS word, id FROM parents WHERE name <> 'ü' */ //
SET NAMES utf8mb4//
SET sql_mode = ''//
CREATE EVENT daily ON SCHEDULE EVERY 1 DAY STARTS '2026-01-01 00:00:00' COMMENT 'ENABLE it'
  DO INSERT INTO log VALUES ('daily', 1)//
SET time_zone = 'SYSTEM'//
CREATE EVENT off_one ON SCHEDULE EVERY 5 MINUTE STARTS '2026-01-01 00:00:00' ON COMPLETION PRESERVE DISABLE
  DO BEGIN UPDATE log SET n = 0; END//
DELIMITER ;

CREATE VIEW z_base AS SELECT id, name FROM parents;
CREATE VIEW of_utf8 AS SELECT 'größe' AS word, id FROM parents WHERE name <> 'ü';
CREATE VIEW a_on_view AS SELECT z.id, greet(z.name) AS greeting, c.id AS child FROM z_base z JOIN children c ON c.parent = z.id;
CREATE SQL SECURITY INVOKER VIEW checked AS SELECT id FROM parents WHERE id > 0 WITH CASCADED CHECK OPTION;
CREATE VIEW m_on_both AS SELECT a.greeting FROM a_on_view a, z_base;
