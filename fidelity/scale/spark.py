"""What we use of the PySpark library, or a plain sentence where it is not installed."""

from fidelity.errors import WrongUse

try:
    from py4j.protocol import Py4JError
    from pyspark.errors import AnalysisException, PySparkException
    from pyspark.sql import Column, DataFrame, SparkSession
    from pyspark.sql import functions as sql
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema
    from pyspark.sql.types import StructType
except ModuleNotFoundError:
    raise WrongUse(
        "Scoring on a cluster needs PySpark in the version of the cluster, which is not installed here, for "
        "example: pip install 'pyspark[connect]==4.0.*' 'fidelity[scale]'"
    ) from None

__all__ = [
    "AnalysisException",
    "Column",
    "DataFrame",
    "Py4JError",
    "PySparkException",
    "SparkSession",
    "StructType",
    "column",
    "from_arrow_schema",
    "sql",
    "to_arrow_schema",
]


def column(name: str) -> Column:
    """The column of this name, whatever signs are in it."""
    return sql.col("`" + name.replace("`", "``") + "`")
