"""Functions with which filters compare texts and reckon: without case, without accents, without errors.

All are immutable, so that expression indexes may be built upon them. Names within them are qualified: a
restored dump has an empty search path. There is no index on them yet: texts that people search by have
folded columns of their own, and the published texts are read within the rows of a snapshot.
"""

from django.db import migrations

# Capitals first: they unfold what has no small twin (ß -> SS), and every sigma becomes one.
CASEI = r"""
CREATE FUNCTION public.planning_casei(given text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT pg_catalog.translate(
        pg_catalog.lower(pg_catalog.upper(given COLLATE pg_catalog."und-x-icu")), 'ς', 'σ')
$$;
"""
# Marks that stand by themselves fall first; letters with a bar (đ, ø, ł) are no marks and need the table.
ACCENTI = r"""
CREATE FUNCTION public.planning_accenti(given text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT public.unaccent('public.unaccent'::pg_catalog.regdictionary, pg_catalog.normalize(
        pg_catalog.regexp_replace(pg_catalog.normalize(given, 'NFD'), '[\u0300-\u036f]', '', 'g'), 'NFC'))
$$;
"""
# exp(700) is a double with room to spare; beyond it, and where there is no result, NULL.
RECKON = """
CREATE FUNCTION public.planning_reckon(sign text, a double precision, b double precision)
RETURNS double precision LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE size double precision;
BEGIN
    IF NOT (pg_catalog.abs(a) < 1e300 AND pg_catalog.abs(b) < 1e300) THEN RETURN NULL; END IF;
    IF sign = '+' THEN RETURN a + b; END IF;
    IF sign = '-' THEN RETURN a - b; END IF;
    IF sign = '^' AND a = 0 THEN
        RETURN CASE WHEN b > 0 THEN 0 WHEN b = 0 THEN 1 END;
    END IF;
    IF b = 0 THEN RETURN CASE sign WHEN '*' THEN 0 WHEN '^' THEN 1 END; END IF;
    IF a = 0 THEN RETURN 0; END IF;
    IF sign = '^' THEN
        IF a < 0 AND b <> pg_catalog.trunc(b) THEN RETURN NULL; END IF;
        size := b * pg_catalog.ln(pg_catalog.abs(a));
    ELSIF sign = '*' THEN
        size := pg_catalog.ln(pg_catalog.abs(a)) + pg_catalog.ln(pg_catalog.abs(b));
    ELSE
        size := pg_catalog.ln(pg_catalog.abs(a)) - pg_catalog.ln(pg_catalog.abs(b));
    END IF;
    IF size > 690 THEN RETURN NULL; END IF;
    IF size < -690 THEN RETURN CASE WHEN sign = '%' THEN a ELSE 0 END; END IF;
    RETURN CASE sign
        WHEN '*' THEN a * b
        WHEN '/' THEN a / b
        WHEN 'div' THEN pg_catalog.trunc(a / b)
        WHEN '%' THEN a - b * pg_catalog.trunc(a / b)
        WHEN '^' THEN pg_catalog.power(a, b)
    END;
END $$;
"""
NONE = """
DROP FUNCTION IF EXISTS public.planning_casei(text);
DROP FUNCTION IF EXISTS public.planning_accenti(text);
DROP FUNCTION IF EXISTS public.planning_reckon(text, double precision, double precision);
"""


class Migration(migrations.Migration):
    dependencies = [("planning", "0017_catalogue")]

    operations = [migrations.RunSQL(CASEI + ACCENTI + RECKON, NONE)]
